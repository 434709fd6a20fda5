import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    await asyncio.gather(*(session.send_request(request) for session, request in zip(sessions, requests)))
    return await asyncio.gather(*(session.read_response() for session in sessions))
