"""What a loop on virtual time refuses, by name: all that a loop of asyncio's offers and that needs the outside world.

Part of it is there in memory where no referee keeps the clock (`grader.clock.loops.memory`); the rest is refused everywhere.
"""

import asyncio
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from grader.clock.over import RefusedError

if TYPE_CHECKING:
    from grader.clock.clock import Clock

# method of the loop: (what people call, what it needs)
AWAITED = {
    "create_connection": ("asyncio.open_connection", "a network connection"),
    "create_server": ("asyncio.start_server", "a network server"),
    "create_unix_connection": ("asyncio.open_unix_connection", "a unix socket"),
    "create_unix_server": ("asyncio.start_unix_server", "a unix socket"),
    "create_datagram_endpoint": ("loop.create_datagram_endpoint", "a network socket"),
    "connect_accepted_socket": ("loop.connect_accepted_socket", "a network socket"),
    "start_tls": ("loop.start_tls", "a network connection"),
    "sendfile": ("loop.sendfile", "a network connection"),
    "getaddrinfo": ("loop.getaddrinfo", "the network"),
    "getnameinfo": ("loop.getnameinfo", "the network"),
    "subprocess_shell": ("asyncio.create_subprocess_shell", "a real process"),
    "subprocess_exec": ("asyncio.create_subprocess_exec", "a real process"),
    "connect_read_pipe": ("loop.connect_read_pipe", "a pipe of the system"),
    "connect_write_pipe": ("loop.connect_write_pipe", "a pipe of the system"),
} | {
    f"sock_{name}": (f"loop.sock_{name}", "a network socket")
    for name in ("recv", "recv_into", "recvfrom", "recvfrom_into", "sendall", "sendto", "connect", "accept", "sendfile")
}
PLAIN = {
    "add_reader": ("loop.add_reader", "a file descriptor"),
    "remove_reader": ("loop.remove_reader", "a file descriptor"),
    "add_writer": ("loop.add_writer", "a file descriptor"),
    "remove_writer": ("loop.remove_writer", "a file descriptor"),
    "add_signal_handler": ("loop.add_signal_handler", "signals of the system"),
    "remove_signal_handler": ("loop.remove_signal_handler", "signals of the system"),
}
# what is refused only for what it is given
PARTLY = {"run_in_executor": ("loop.run_in_executor", "a pool whose workers are threads on the same clock")}


def refusal(call: str, needs: str, alone: bool = False) -> str:
    """`alone`: where no exercise is played, so that nothing else is given."""
    if alone:
        return f"{call} needs {needs}, which a VirtualLoop does not have; see docs/clock.md, also for what an OutsideLoop has"
    return f"{call} needs {needs}, which an exercise on virtual time does not have; use what the exercise gives you"


class Refusing(asyncio.BaseEventLoop):
    """`on_refusal(call, frame)` hears of what is refused."""

    clock: "Clock"
    on_refusal: Callable[[str, FrameType | None], None]

    def refuse(self, name: str, frame: FrameType | None = None, needs: str = "") -> NoReturn:
        """Raises RefusedError for the method `name`."""
        call, needed = AWAITED.get(name) or PLAIN.get(name) or PARTLY[name]
        self.on_refusal(call, frame or sys._getframe(1))
        raise RefusedError(refusal(call, needs or needed, self.clock.door is None))


def _refused(name: str, awaited: bool) -> Callable[..., Any]:
    def refused(self: Refusing, *args: Any, **kwargs: Any) -> Any:
        self.refuse(name, sys._getframe(1))

    async def refused_when_awaited(self: Refusing, *args: Any, **kwargs: Any) -> Any:
        self.refuse(name, sys._getframe(1))

    return refused_when_awaited if awaited else refused


for _name in AWAITED:
    setattr(Refusing, _name, _refused(_name, awaited=True))
for _name in PLAIN:
    setattr(Refusing, _name, _refused(_name, awaited=False))
