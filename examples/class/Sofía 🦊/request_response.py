# Sofía 🦊
import asyncio


async def ask(session, request):
    t1 = asyncio.create_task(session.send_request(request))
    await t1
    t2 = asyncio.create_task(session.read_response())
    return await t2


async def ask_all(sessions, requests):
    tasks = [asyncio.create_task(ask(s, r)) for s, r in zip(sessions, requests)]
    return [await t for t in tasks]
