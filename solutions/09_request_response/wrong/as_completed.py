import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    responses = []
    for conversation in asyncio.as_completed([ask(*pair) for pair in zip(sessions, requests)]):
        responses.append(await conversation)
    return responses
