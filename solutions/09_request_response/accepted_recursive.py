import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


# Unusual: the first conversation beside all the others, and so on down.
async def ask_all(sessions, requests):
    if not sessions:
        return []
    first, rest = await asyncio.gather(
        ask(sessions[0], requests[0]),
        ask_all(sessions[1:], requests[1:]),
    )
    return [first, *rest]
