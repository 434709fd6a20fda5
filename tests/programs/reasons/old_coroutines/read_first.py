# reason: none
async def chat(session):
    answer = await session.read_response()
    await session.send_request(session.question)
    return answer
