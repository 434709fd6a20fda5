import types


@types.coroutine
def old_chat(session):
    yield from session.send_request(session.question)
    answer = yield from session.read_response()
    return answer


async def chat(session):
    return await old_chat(session)
