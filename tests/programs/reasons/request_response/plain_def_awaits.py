# reason: await-outside-function
import asyncio


def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    return await asyncio.gather(*map(ask, sessions, requests))
