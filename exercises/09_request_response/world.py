"""Sessions that have a response only after the request has been sent."""


class Session:
    def __init__(self, world, protocol_error, client, answer, send, read):
        self.key = client
        self._world, self._error = world, protocol_error
        self._answer, self._send, self._read = answer, send, read
        self._sent = None

    async def send_request(self, request):
        await self._world.sleep(self._send)
        self._sent = request

    async def read_response(self):
        if self._sent is None:
            raise self._error("read_response() before the request was sent")
        await self._world.sleep(self._read)
        expected, answer = self._answer
        return answer if self._sent == expected else f"no answer to {self._sent!r}"


def build(world, v):
    protocol_error = world.error("ProtocolError", RuntimeError)
    answers = zip(v.requests, v.answers)
    return {"gives": {"sessions": [Session(world, protocol_error, *each) for each in zip(v.clients, answers, v.send, v.read)]}}
