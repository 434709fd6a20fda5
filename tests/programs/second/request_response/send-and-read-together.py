import asyncio


async def ask(session, request):
    sending = asyncio.create_task(session.send_request(request))
    reading = asyncio.create_task(session.read_response())
    await sending
    return await reading


async def ask_all(sessions, requests):
    jobs = list(map(ask, sessions, requests))
    return await asyncio.gather(*jobs)
