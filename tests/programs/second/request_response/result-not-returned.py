import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    async with asyncio.TaskGroup() as tg:
        talks = [tg.create_task(ask(s, r)) for s, r in zip(sessions, requests)]
    [talk.result() for talk in talks]
