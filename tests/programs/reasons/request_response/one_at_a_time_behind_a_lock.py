# reason: create-then-await-in-loop
import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    lock = asyncio.Lock()

    async def alone(session, request):
        async with lock:
            return await ask(session, request)

    return await asyncio.gather(*map(alone, sessions, requests))
