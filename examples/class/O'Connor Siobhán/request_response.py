import asyncio


async def ask(session, request):
    await session.send_request(request)
    r = await session.read_response()
    return r


async def ask_all(sessions, requests):
    return await asyncio.gather(*map(ask, sessions, requests))
