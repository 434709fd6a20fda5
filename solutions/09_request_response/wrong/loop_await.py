import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    responses = []
    for session, request in zip(sessions, requests):
        responses.append(await ask(session, request))
    return responses
