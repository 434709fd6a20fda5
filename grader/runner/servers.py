"""A server of the learner's: the world's clients reach its callback, as asyncio's server would call it.

It behaves as that of the newest Python does on all of them: `wait_closed` waits for the connections as well.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.runner.connections import Transport, joined, named
from grader.runner.options import LIMIT, check, hosts_and_port, path_of
from grader.runner.proxies import looking_async, operation_of

if TYPE_CHECKING:
    from grader.runner.desk import Desk

Address = Callable[[], tuple[Any, ...]]


class Listening:
    """What stands in `server.sockets`: it has a name, and is no socket."""

    def __init__(self, name: Any):
        self._name = name

    def getsockname(self) -> Any:
        return self._name

    def __repr__(self) -> str:
        return f"<listening on {self._name!r}>"


class Server(asyncio.Server):
    """`thing`: the world's server. `open_connections`: of those who connected, in the order in which they came."""

    def __init__(self, desk: "Desk", thing: Any, callback: Callable[..., Any], limit: int, address: Any):
        self._desk, self._thing, self._callback, self._limit = desk, thing, callback, limit
        self._at = Listening(vars(thing).get("sockname", address))
        self._its_loop: asyncio.AbstractEventLoop = thing.clients.loop_of_run
        self.open_connections: list[Transport] = []
        self._is_over = self._is_serving = False
        self._waiting: list[asyncio.Future[None]] = []
        self._forever: asyncio.Future[None] | None = None

    # ------------------------------------------------------------ as asyncio has it

    @property
    def sockets(self) -> tuple[Any, ...]:
        return () if self._is_over else (self._at,)

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._its_loop

    def is_serving(self) -> bool:
        return self._is_serving

    async def start_serving(self) -> None:
        self.begin()
        await asyncio.sleep(0)

    async def serve_forever(self) -> None:
        if self._forever is not None:
            raise RuntimeError(f"server {self!r} is already being awaited on serve_forever()")
        if self._is_over:
            raise RuntimeError(f"server {self!r} is closed")
        self.begin()
        self._forever = self._its_loop.create_future()
        try:
            await self._forever
        except asyncio.CancelledError:
            self.close()
            await self.wait_closed()
            raise
        finally:
            self._forever = None

    def close(self) -> None:
        if self._is_over:
            return
        self._is_over, self._is_serving = True, False
        self._thing.close()
        if self._forever is not None and not self._forever.done():
            self._forever.cancel()
        self._wake()

    def close_clients(self) -> None:
        for transport in list(self.open_connections):
            transport.close()

    def abort_clients(self) -> None:
        for transport in list(self.open_connections):
            transport.abort()

    async def wait_closed(self) -> None:
        while self.open_connections or not self._is_over:
            waiter = self._its_loop.create_future()
            self._waiting.append(waiter)
            await waiter

    def _wake(self) -> None:
        if self._is_over and not self.open_connections:
            waiting, self._waiting = self._waiting, []
            for waiter in waiting:
                if not waiter.done():
                    waiter.set_result(None)

    # ------------------------------------------------------------ clients

    def begin(self) -> None:
        """Clients are served from now on, also those who came before."""
        if not self._is_serving and not self._is_over:
            self._is_serving = True
            self._thing.clients.serve(self._connected)

    def _connected(self, packed: Any) -> None:
        thing = self._desk.value(packed)
        if self._is_over:
            return
        reader, writer, transport = joined(self._desk, thing, self._limit, None)
        self.open_connections.append(transport)

        def lost() -> None:
            self.open_connections.remove(transport)
            self._wake()

        transport.on_lost = lost
        serving = self._callback(reader, writer)
        if asyncio.iscoroutine(serving):
            self._its_loop.create_task(serving).add_done_callback(lambda task: self._served(task, transport))

    def _served(self, task: "asyncio.Task[Any]", transport: Transport) -> None:
        """As asyncio: the failure of a callback closes its connection, and nobody else hears of it."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            message = "Unhandled exception in client_connected_cb"
            context = {"message": message, "exception": error, "future": task, "transport": transport}
            self._its_loop.call_exception_handler(context)
        if task.cancelled() or error is not None:
            transport.close()


async def _serve(
    desk: "Desk",
    ref: int,
    name: str,
    callback: Any,
    address: Address,
    limit: Any,
    options: dict[str, Any],
    line: int | None,
) -> Server:
    check(name, limit, options)
    at = address()
    thing = await operation_of(desk, ref, "__call__", at, line)
    server = Server(desk, thing, callback, limit, at if len(at) > 1 else at[0])
    if options.get("start_serving", True):
        server.begin()
    return server


def start_server(desk: "Desk", ref: int) -> Callable[..., Any]:
    """asyncio's, where `ref` is the world's function (host, port) -> server."""
    name = "start_server"

    def start_server(
        client_connected_cb: Any, host: Any = None, port: Any = None, *, limit: Any = LIMIT, **options: Any
    ) -> Any:
        line = desk.line(sys._getframe(1))

        def address() -> tuple[Any, Any]:
            return hosts_and_port(host, port)

        return named(_serve(desk, ref, name, client_connected_cb, address, limit, options, line), name)

    return looking_async(start_server)


def start_unix_server(desk: "Desk", ref: int) -> Callable[..., Any]:
    """asyncio's, where `ref` is the world's function (path) -> server."""
    name = "start_unix_server"

    def start_unix_server(client_connected_cb: Any, path: Any = None, *, limit: Any = LIMIT, **options: Any) -> Any:
        line = desk.line(sys._getframe(1))

        def address() -> tuple[str]:
            return (path_of(path, "path was not specified, and no sock specified"),)

        return named(_serve(desk, ref, name, client_connected_cb, address, limit, options, line), name)

    return looking_async(start_unix_server)
