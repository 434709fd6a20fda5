from asyncio import as_completed


async def ask(session, request):
    await session.send_request(request)
    answer = await session.read_response()
    print(request, "->", answer)
    return answer


async def ask_all(sessions, requests):
    """All conversations at the same time."""
    conversations = [ask(*pair) for pair in zip(sessions, requests)]
    return [await answer for answer in as_completed(conversations)]
