import asyncio


async def ask(session, request):
    _, response = await asyncio.gather(session.send_request(request), session.read_response())
    return response


async def ask_all(sessions, requests):
    return await asyncio.gather(*(ask(session, request) for session, request in zip(sessions, requests)))
