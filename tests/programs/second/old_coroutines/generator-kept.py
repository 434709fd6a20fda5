import types


def conversation(session):
    question = session.question
    yield from session.send_request(question)
    answer = yield from session.read_response()
    return answer


# this is what asyncio.coroutine did
chat = types.coroutine(conversation)
