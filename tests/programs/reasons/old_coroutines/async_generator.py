# reason: none
async def chat(session):
    yield await session.send_request(session.question)
    yield await session.read_response()
