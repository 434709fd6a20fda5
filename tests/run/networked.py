"""A scripted network for tests: an echo at every address but a few, and a server whose clients the test describes."""

from collections.abc import Callable
from typing import Any

from grader.course.replaces import replacement
from grader.referee.world import World
from grader.run.stage import Stage
from tests.staging import staged

RECORDS = ("open_connection", "open_unix_connection", "start_server", "write", "write_eof", "drain", "close", "answer")


class Connection:
    """Answers each line a second later in capitals; at `reset` it breaks, at `bye` it ends."""

    shows: tuple[str, ...] = ("reader", "sockname")

    def __init__(self, world: World, key: str):
        self.key, self.reader, self.sockname = key, world.stream(key), ("10.0.0.9", 50000)
        self._world, self._heard = world, b""

    def write(self, data: bytes) -> None:
        if self.key == "broken":
            raise BrokenPipeError("[Errno 32] Broken pipe")
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            self._world.start(self._answer(line), "answer", self.key)

    def write_eof(self) -> None:
        self.reader.feed(self._heard[::-1])
        self.reader.end()

    async def _answer(self, line: bytes) -> None:
        await self._world.sleep(1)
        if line == b"reset":
            self.reader.fail(ConnectionResetError("[Errno 104] Connection reset by peer"))
        elif line == b"bye":
            self.reader.end()
        else:
            self.reader.feed(line.upper() + b"\n")


class Slow(Connection):
    """It has room half a second later, and takes a quarter to close."""

    async def drain(self) -> None:
        await self._world.sleep(0.5)

    async def close(self) -> None:
        await self._world.sleep(0.25)
        if self.key == "torn":
            raise ConnectionAbortedError("torn")


class Full(Connection):
    """It never has room."""

    async def drain(self) -> None:
        await self._world.event().wait()


class Told(Connection):
    """It hears of being closed."""

    def close(self) -> None:
        self.reader.feed(b"too late")


KINDS = {"slow": Slow, "torn": Slow, "told": Told, "full": Full}


def network() -> Stage:
    """`asyncio.open_connection` and `open_unix_connection`; the entry gets `heard()`, the addresses as the world heard them."""
    heard: list[Any] = []

    def functions(world: World) -> dict[str, Any]:
        async def open_connection(host: Any, port: Any) -> Connection:
            heard.append((host, port))
            await world.sleep(1)
            if host == "nobody":
                raise ConnectionRefusedError("[Errno 111] Connect call failed ('nobody', 80)")
            if host == "unknown":
                raise OSError("[Errno -2] Name or service not known")
            return KINDS.get(str(host), Connection)(world, str(host))

        async def open_unix_connection(path: Any) -> Connection:
            return await open_connection(path, None)

        return {"open_connection": open_connection, "open_unix_connection": open_unix_connection}

    return with_network(functions, lambda: heard)


def with_network(functions: Callable[[World], dict[str, Any]], said: Callable[[], Any], name: str = "heard") -> Stage:
    """A stage on which `functions(world)` stand for asyncio's; the entry gets a function `name`, which gives `said()`."""
    made: dict[str, Any] = {}

    def build(world: World) -> list[Any]:
        for each, function in functions(world).items():
            made[each] = replacement(world, f"asyncio.{each}", function, "world.py")
        return [world.function(lambda: said(), name)]

    stage = staged(build, records=RECORDS)
    stage.start["replaced"] = {each: stage.referee.describe(function) for each, function in made.items()}
    return stage
