import asyncio


async def ask(session, request):
    """One conversation."""
    await session.send_request(request)
    response = await session.read_response()
    return response


async def ask_all(sessions, requests):
    """All conversations."""
    responses = [None] * len(requests)
    i = 0
    while i < len(sessions):
        responses[i] = await ask(sessions[i], requests[i])
        i += 1
    return responses
