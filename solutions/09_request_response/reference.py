import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    return await asyncio.gather(*(ask(session, request) for session, request in zip(sessions, requests)))
