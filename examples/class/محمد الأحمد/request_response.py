# محمد الأحمد
import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    # 1. send all the requests at the same time
    sends = [asyncio.create_task(s.send_request(r)) for s, r in zip(sessions, requests)]
    for t in sends:
        await t
    # 2. read all the responses at the same time
    reads = [asyncio.create_task(s.read_response()) for s in sessions]
    return [await t for t in reads]
