import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    tasks = []
    for session, request in zip(sessions, requests):
        tasks.append(asyncio.create_task(ask(session, request)))
        await asyncio.sleep(0.1)
    return await asyncio.gather(*tasks)
