class Connection:
    shows = ("reader",)

    def __init__(self, world, v, host):
        self.key, self.reader = host, world.stream(host)
        self._world, self._v, self._over, self._heard = world, v, world.event(), b""

    def write(self, data):
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            self._world.start(self._answer(), "answer", self.key)

    async def drain(self):
        await self._world.sleep(self._v.send)

    def close(self):
        self._over.set()

    async def _answer(self):
        at = self._v.hosts.index(self.key)
        await self._world.sleep(self._v.think[at])
        self.reader.feed(self._v.replies[at].encode() + b"\n")

    async def _live(self):
        await self._over.wait()


def build(world, v):
    async def open_connection(host, port):
        await world.sleep(0.25)
        if host not in v.hosts or port != 7:
            raise ConnectionRefusedError(f"[Errno 111] Connect call failed ({host!r}, {port})")
        connection = Connection(world, v, host)
        world.start(connection._live(), "connection", host)
        return connection

    offered = world.function(open_connection, "open_connection", key=lambda host, port: host)
    return {"replaces": {"asyncio.open_connection": offered}}
