# reason: none
import asyncio

if not hasattr(asyncio, "coroutine"):
    raise RuntimeError("this needs an old Python")


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()
