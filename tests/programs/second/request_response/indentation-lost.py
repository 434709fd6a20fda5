import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    talks = []
    async with asyncio.TaskGroup() as tg:
        for session, request in zip(sessions, requests):
        talks.append(tg.create_task(ask(session, request)))
    return [talk.result() for talk in talks]
