# reason: async-without-await
async def chat(session):
    await session.send_request(session.question)
    response = session.read_response()
    return response
