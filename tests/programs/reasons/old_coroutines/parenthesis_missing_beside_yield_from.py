# reason: none
def chat(session):
    yield from session.send_request(session.question
    return (yield from session.read_response())
