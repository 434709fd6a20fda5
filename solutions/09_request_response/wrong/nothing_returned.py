import asyncio


async def ask(session, request):
    await session.send_request(request)
    await session.read_response()


async def ask_all(sessions, requests):
    await asyncio.gather(*(ask(session, request) for session, request in zip(sessions, requests)))
