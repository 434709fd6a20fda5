# reason: staggered-starts; at most 6
import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    async with asyncio.TaskGroup() as group:
        talks = []
        for session, request in zip(sessions, requests):
            talks.append(group.create_task(ask(session, request)))
            await asyncio.sleep(0.5)
    return [talk.result() for talk in talks]
