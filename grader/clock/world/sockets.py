"""Sockets in memory: what asyncio's own transports ask of a socket that does not block, and no more.

They answer as those of the system do: what is not there yet is a BlockingIOError, and whoever waits hears of a change.
"""

import errno
import os
import socket
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from grader.clock.world.wire import Link, Wire
from grader.ticks import NEVER

if TYPE_CHECKING:
    from grader.clock.loops.selector import MemorySelector
    from grader.clock.world.network import Network

Address = Any  # (host, port), with two more for IPv6, or the path of a unix socket
PIPE = 64 * 1024  # as much as a pipe of Linux holds


class _Call:
    """A connection that is asked for: when that arrives there, and when the answer is back."""

    __slots__ = ("address", "answered", "arrives", "error", "link")

    def __init__(self, address: Address, link: Link, now: int):
        self.address, self.link = address, link
        self.arrives: int | None = link.after(now)
        self.answered = link.after(link.after(now))
        self.error = 0


class MemorySocket:
    """A stream socket of `network`. `beside` is the system's socket that it stands for, closed with it."""

    beside: socket.socket | None = None
    selector: "MemorySelector | None" = None
    incoming: Wire | None = None
    outgoing: Wire | None = None

    def __init__(self, network: "Network", family: int, type: int = socket.SOCK_STREAM, proto: int = 0) -> None:
        self.network = network
        self.family, self.type, self.proto = family, type, proto
        self.name: Address = None
        self.peer: Address = None
        self.closed = False
        self.listening = False
        self._fd = network.add(self)
        self._backlog: deque[MemorySocket] = deque()
        self._call: _Call | None = None
        self._error = 0
        self._options: dict[tuple[int, int], Any] = {}

    def __repr__(self) -> str:
        return f"<socket in memory fd={self.fileno()}, laddr={self.name}, raddr={self.peer}>"

    # ------------------------------------------------------------ what it says of itself

    def fileno(self) -> int:
        return -1 if self.closed else self._fd

    def getsockname(self) -> Address:
        if self.name is not None or self.family == socket.AF_UNIX:
            return self.name or ""
        return ("::", 0, 0, 0) if self.family == socket.AF_INET6 else ("0.0.0.0", 0)

    def getpeername(self) -> Address:
        if self.peer is None:
            raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
        return self.peer

    def getsockopt(self, level: int, name: int, *size: int) -> Any:
        if (level, name) == (socket.SOL_SOCKET, socket.SO_ERROR):
            error, self._error = self._error, 0
            return error
        return self._options.get((level, name), 0)

    def setsockopt(self, level: int, name: int, value: Any, *size: int) -> None:
        self._options[level, name] = value

    def setblocking(self, flag: bool) -> None:
        """It never blocks."""

    def gettimeout(self) -> float:
        return 0.0

    # ------------------------------------------------------------ what has changed

    def changed(self) -> None:
        """Whoever waits for this socket looks again."""
        if self.selector is not None:
            self.selector.look(self._fd)

    @property
    def readable(self) -> bool:
        if self.listening:
            return bool(self._backlog)
        return self.incoming is not None and self.incoming.next_tick <= self.network.clock.now

    @property
    def writable(self) -> bool:
        self._go_on_calling()
        if self._call is not None:
            return False
        wire = self.outgoing
        return wire is None or wire.room > 0 or wire.end is not None or wire.shut or wire.back.is_reset

    def next_tick(self) -> int | None:
        """When time alone brings something; None if it brings nothing."""
        ticks = [] if self.incoming is None else [self.incoming.next_tick]
        if self._call is not None:
            ticks.append(self._call.answered if self._call.arrives is None else self._call.arrives)
        now = self.network.clock.now
        return min((tick for tick in ticks if now < tick < NEVER), default=None)

    # ------------------------------------------------------------ connections

    def bind(self, address: Address) -> None:
        self.name = self.network.bind(self, address)

    def listen(self, backlog: int = 0) -> None:
        self.listening = True

    def connect(self, address: Address) -> None:
        """Raises BlockingIOError until the answer is back, as the system does; where that is a refusal, SO_ERROR says so."""
        network = self.network
        if self.family == socket.AF_UNIX and network.listener(address) is None:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        if self.name is None:
            self.name = network.own_address(self.family)
        self._call = _Call(address, network.link_to(address), network.clock.now)
        self._go_on_calling()
        raise BlockingIOError(errno.EINPROGRESS, "Operation now in progress")

    def _go_on_calling(self) -> None:
        call, now = self._call, self.network.clock.now
        if call is None:
            return
        if call.arrives is not None and call.arrives <= now:
            call.arrives = None
            listener = self.network.listener(call.address)
            if listener is None:
                call.error = errno.ECONNREFUSED
            else:
                listener.hear(self, call.address, call.link)
        if call.arrives is None and call.answered <= now:
            self._call, self._error = None, call.error

    def hear(self, client: "MemorySocket", address: Address, link: Link) -> None:
        """`client` asks for a connection at `address`."""
        server = MemorySocket(self.network, self.family, self.type, self.proto)
        server.name, server.peer = address, client.name
        client.peer = address
        join(client, server, link, self.network.window)
        self._backlog.append(server)
        self.changed()

    def accept(self) -> tuple["MemorySocket", Address]:
        if not self._backlog:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        conn = self._backlog.popleft()
        return conn, conn.peer

    # ------------------------------------------------------------ bytes

    def recv(self, size: int) -> bytes:
        if self.incoming is None:
            raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
        return self.incoming.take(size)

    def recv_into(self, buffer: Any) -> int:
        data = self.recv(len(memoryview(buffer).cast("B")))
        memoryview(buffer).cast("B")[: len(data)] = data
        return len(data)

    def send(self, data: Any) -> int:
        wire = self.outgoing
        if wire is None:
            raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
        wire.back.told_of_reset()
        if wire.end is not None or wire.back.is_reset or (wire.shut and self.family == socket.AF_UNIX):
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        view = memoryview(data).cast("B")
        taken = wire.put(view)
        if view and not taken:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return taken

    def sendmsg(self, buffers: Iterable[Any]) -> int:
        taken = 0
        for buffer in buffers:
            try:
                sent = self.send(buffer)
            except BlockingIOError:
                if taken:
                    break
                raise
            taken += sent
            if sent < len(buffer):
                break
        return taken

    def shutdown(self, how: int) -> None:
        if self.outgoing is None:
            raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
        if how != socket.SHUT_RD:
            self.outgoing.finish()

    def close(self) -> None:
        """What was written still arrives. Whoever has written something that is not read hears that the other side is gone."""
        if self.closed:
            return
        self.network.remove(self)
        self.closed = True
        for conn in self._backlog:
            conn.reset()
        if self.incoming is not None and self.outgoing is not None:
            now, met = self.network.clock.now, self.incoming.close()
            if met is None or met > now:
                self.outgoing.finish()
            if met is not None:
                self.outgoing.reset(self.outgoing.link.after(met))
        if self.beside is not None:
            self.beside.close()
            self.beside = None

    def sever(self) -> None:
        """The connection breaks, with all that is on its way: both sides hear that the other is gone."""
        if self.outgoing is not None:
            self.outgoing.sever()
            self.outgoing.back.sever()

    def reset(self) -> None:
        """Gone without a goodbye."""
        if self.outgoing is not None:
            self.outgoing.reset(self.outgoing.link.after(self.network.clock.now))
        self.close()


def join(one: MemorySocket, other: MemorySocket, link: Link, window: int) -> None:
    """A connection between the two."""
    clock = one.network.clock
    there = Wire(clock, link, window, writer=one, reader=other)
    back = Wire(clock, link, window, writer=other, reader=one)
    there.back, back.back = back, there
    one.outgoing = other.incoming = there
    other.outgoing = one.incoming = back


def pair(network: "Network", window: int = PIPE) -> tuple[MemorySocket, MemorySocket]:
    """Two that are connected: a pipe."""
    one, other = MemorySocket(network, socket.AF_UNIX), MemorySocket(network, socket.AF_UNIX)
    one.name = one.peer = other.name = other.peer = ""
    join(one, other, Link(), window)
    return one, other
