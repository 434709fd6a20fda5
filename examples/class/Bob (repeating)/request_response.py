import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    tasks = [asyncio.create_task(ask(s, r)) for s, r in zip(sessions, requests)]
    while True:
        await asyncio.sleep(1)
    return [t.result() for t in tasks]
