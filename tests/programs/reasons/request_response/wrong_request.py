# reason: none
import asyncio


async def ask(session, request):
    await session.send_request(request.upper())
    return await session.read_response()


async def ask_all(sessions, requests):
    return await asyncio.gather(*map(ask, sessions, requests))
