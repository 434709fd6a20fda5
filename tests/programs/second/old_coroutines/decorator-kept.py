from asyncio import coroutine


@coroutine
async def chat(session):
    """The conversation."""
    await session.send_request(session.question)
    answer = await session.read_response()
    return answer
