import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def send_everything(sessions, requests):
    async with asyncio.TaskGroup() as tg:
        for s, r in zip(sessions, requests):
            tg.create_task(s.send_request(r))


async def read_everything(sessions):
    tasks = [asyncio.create_task(s.read_response()) for s in sessions]
    return [await t for t in tasks]


async def ask_all(sessions, requests):
    await send_everything(sessions, requests)
    return await read_everything(sessions)
