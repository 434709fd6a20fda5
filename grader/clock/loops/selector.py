"""What stands in the place of a selector: a loop's readers and writers of sockets in memory, called when these are ready.

Nobody polls. A socket that changes is looked at in the loop's next turn, as a selector would report it, and again as long as it
stays ready; what arrives later has a timer.
"""

from asyncio import events
from selectors import EVENT_READ, EVENT_WRITE, SelectorKey
from typing import TYPE_CHECKING, Any

from grader.clock.world.sockets import MemorySocket

if TYPE_CHECKING:
    from grader.clock.loops.core import LoopOnClock


class MemorySelector:
    """The part of `selectors.BaseSelector` that `asyncio.selector_events` uses; file descriptors are those of the network."""

    def __init__(self, loop: "LoopOnClock") -> None:
        self._loop = loop
        self._keys: dict[int, SelectorKey] = {}
        self._soon: set[int] = set()
        self._timers: dict[int, Any] = {}

    def get_map(self) -> dict[int, SelectorKey]:
        return self._keys

    def get_key(self, fd: int) -> SelectorKey:
        return self._keys[fd]

    def register(self, fd: int, mask: int, data: Any = None) -> SelectorKey:
        self._keys[fd] = key = SelectorKey(fd, fd, mask, data)
        self._loop.clock.network.sockets[fd].selector = self
        self.look(fd)
        return key

    modify = register

    def unregister(self, fd: int) -> SelectorKey:
        self._put_off(fd)
        return self._keys.pop(fd)

    def close(self) -> None:
        for fd in list(self._timers):
            self._put_off(fd)
        self._keys.clear()

    def look(self, fd: int) -> None:
        """Something may have changed; said from any thread."""
        if fd in self._keys and fd not in self._soon and not self._loop.is_closed():
            self._soon.add(fd)
            self._loop.call_soon_threadsafe(self._look, fd)

    def _look(self, fd: int) -> None:
        self._soon.discard(fd)
        key = self._keys.get(fd)
        sock = self._loop.clock.network.sockets.get(fd)
        if (
            key is None or sock is None
        ):  # it is closed, and was not given up: as with the system's, nothing is heard of it
            return
        for handle in _ready(key, sock):
            if not handle._cancelled:
                handle._run()
                self._loop.clock.check()
        key = self._keys.get(fd)
        if key is not None:
            self._see_to(key, sock)

    def _see_to(self, key: SelectorKey, sock: MemorySocket) -> None:
        """That it is looked at again when there is a reason."""
        if _ready(key, sock):
            self.look(key.fd)
            return
        self._put_off(key.fd)
        tick = sock.next_tick()
        if tick is not None:
            self._timers[key.fd] = self._loop._at(tick, self._look, (key.fd,), None)

    def _put_off(self, fd: int) -> None:
        timer = self._timers.pop(fd, None)
        if timer is not None:
            timer.cancel()


def _ready(key: SelectorKey, sock: MemorySocket) -> list[events.Handle]:
    reader, writer = key.data
    found = []
    if key.events & EVENT_READ and sock.readable:
        found.append(reader)
    if key.events & EVENT_WRITE and sock.writable:
        found.append(writer)
    return found
