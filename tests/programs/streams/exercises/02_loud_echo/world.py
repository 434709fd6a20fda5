class Client:
    shows = ("reader", "peername")

    def __init__(self, world, number):
        self.key, self.reader, self.peername = number, world.stream(f"client {number}"), ("127.0.0.1", 50000 + number)
        self._heard, self._answered, self._over = b"", world.event(), world.event()

    def write(self, data):
        self._heard += data
        if self._heard.endswith(b"\n"):
            self._answered.set()

    def close(self):
        self._over.set()


class Server:
    shows = ("clients",)

    def __init__(self, world, port):
        self.key, self.clients, self._closed = port, world.clients(), False

    def close(self):
        self._closed = True


def build(world, v):
    async def visit(server, client, line, pause):
        server.clients.connect(client)
        await world.sleep(pause)
        client.reader.feed(f"{line}\n".encode())
        asked = world.now()
        await client._answered.wait()
        if world.now() > asked:
            world.start(world.sleep(0), "late", client.key)
        client.reader.end()
        await client._over.wait()
        if client._heard != f"{line.upper()}\n".encode():
            await world.event().wait()  # it goes on asking for ever

    async def arrive(server, number):
        await world.sleep(v.comes[number])
        world.start(visit(server, Client(world, number), v.lines[number], v.pause[number]), "visit", number)

    async def start_server(host, port):
        server = Server(world, port)
        for number in range(3):
            world.start(arrive(server, number), "arrival", number)
        return server

    async def until_evening():
        await world.sleep(10)

    return {
        "gives": {"until_evening": world.function(until_evening, "until_evening")},
        "replaces": {
            "asyncio.start_server": world.function(start_server, "start_server", key=lambda host, port: port)
        },
    }
