"""A session that has a response only after a request."""


class Session:
    shows = ("question",)

    def __init__(self, world, v, protocol_error):
        self.key, self.question = v.name, v.question
        self._world, self._v, self._error = world, v, protocol_error
        self._sent = None

    async def send_request(self, text):
        await self._world.sleep(self._v.send)
        self._sent = text

    async def read_response(self):
        if self._sent is None:
            raise self._error("read_response() before the request was sent")
        await self._world.sleep(self._v.read)
        return self._v.answer if self._sent == self._v.question else "pardon?"


def build(world, v):
    protocol_error = world.error("ProtocolError", RuntimeError)
    return {"gives": {"session": Session(world, v, protocol_error)}}
