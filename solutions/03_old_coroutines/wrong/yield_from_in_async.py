async def chat(session):
    yield from session.send_request(session.question)
    answer = yield from session.read_response()
    return answer
