"""The server of CPython's own tests, for a loop in memory: it runs on that loop, where CPython's has a thread and real sockets.

It answers as that does: `Test message`, and to `/loop` with what it is sent.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

_HEAD = b"HTTP/1.0 200 OK\r\nServer: memory\r\nContent-type: text/plain\r\n\r\n"
_LENGTH = re.compile(rb"Content-Length: (\d+)")


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(_HEAD)
        if asked.startswith(b"POST /loop"):
            found = _LENGTH.search(asked)
            left = int(found[1]) if found else 0
            while left:
                data = await reader.read(min(left, 0x10000))
                left -= len(data)
                writer.write(data)
                await writer.drain()
        else:
            writer.write(b"Test message")
    writer.close()


def servers(loop: Callable[[], asyncio.AbstractEventLoop], server_ssl: Callable[[], Any]) -> dict[str, Any]:
    """What stands in the place of `run_test_server` and `run_test_unix_server`, on the loop that `loop()` gives."""
    paths = iter(range(1_000_000))

    @contextlib.contextmanager
    def runs(start: Any, address: Any = None) -> Iterator[SimpleNamespace]:
        serving = loop().run_until_complete(start)
        (sock,) = serving.sockets
        try:
            yield SimpleNamespace(address=address or sock.getsockname())
        finally:
            with contextlib.suppress(RuntimeError):  # the test has closed the loop
                serving.close()

    def run_test_server(*, host: str = "127.0.0.1", port: int = 0, use_ssl: bool = False) -> Any:
        return runs(asyncio.start_server(_answer, host, port, ssl=server_ssl() if use_ssl else None))

    def run_test_unix_server(*, use_ssl: bool = False) -> Any:
        path = f"/tmp/of-a-test-{next(paths)}"
        return runs(asyncio.start_unix_server(_answer, path, ssl=server_ssl() if use_ssl else None), path)

    return {"run_test_server": run_test_server, "run_test_unix_server": run_test_unix_server}
