from types import coroutine


class Conversation:
    def __init__(self, session):
        self.session = session

    @coroutine
    def hold(self):
        yield from self.session.send_request(self.session.question)
        answer = yield from self.session.read_response()
        return answer


async def chat(session):
    """Send the question, read the response."""
    talk = Conversation(session)
    return await talk.hold()
