"""The network of one clock, in memory: its names, its addresses, who listens there, and what the ways to them are like.

All loops and threads on the clock are on this network, and nobody else is. Names, ports and addresses are given out in one
order, so that two runs agree.
"""

import errno
import ipaddress
import itertools
import os
import socket
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.world.sockets import Address, MemorySocket
from grader.clock.world.wire import Link

if TYPE_CHECKING:
    from grader.clock.clock import Clock

AddrInfo = tuple[int, int, int, str, Address]
WINDOW = 1024 * 1024
_FIRST_FD = 1_000_000_000  # no file descriptor of the system, so that a mistake with one meets EBADF
_PORTS = range(32_768, 61_000)
_SERVICES = {"http": 80, "https": 443}
_ANY = ("0.0.0.0", "::")


class Network(Link):
    """`latency` (seconds, each way) and `bandwidth` (bytes a second, each way) hold for every address that has none of its own.

    `window`: as many bytes as a connection has between writing and reading, before `drain` waits.
    """

    def __init__(self, clock: "Clock") -> None:
        super().__init__(0.0, float("inf"))
        self.clock = clock
        self.window = WINDOW
        self.sockets: weakref.WeakValueDictionary[int, MemorySocket] = weakref.WeakValueDictionary()
        self._next_fd = itertools.count(_FIRST_FD).__next__
        self._next_port = itertools.cycle(_PORTS).__next__
        self._next_host = itertools.count(int(ipaddress.ip_address("10.0.0.1"))).__next__
        self._names: dict[str, list[str]] = {"localhost": ["127.0.0.1", "::1"]}
        self._links: dict[Any, Link] = {}
        self._bound: weakref.WeakValueDictionary[Address, MemorySocket] = weakref.WeakValueDictionary()
        self._beside: weakref.WeakKeyDictionary[socket.socket, MemorySocket] = weakref.WeakKeyDictionary()

    # ------------------------------------------------------------ for a test

    def name(self, name: str, *addresses: str) -> str:
        """`name` has these addresses from now on; without any it gets one, if it has none. Returns the first."""
        known = self._names.setdefault(_plain(name), [])
        if addresses:
            known[:] = [str(ipaddress.ip_address(address)) for address in addresses]
        elif not known:
            known.append(str(ipaddress.ip_address(self._next_host())))
        return known[0]

    def link(self, host: str, port: int | None = None) -> Link:
        """What the way to `host` is like (a name, an address, or the path of a unix socket), or only that to `port` there."""
        if host.startswith(("/", "\0")):
            return self._links.setdefault(host, Link())
        address = host if _is_numeric(host) else self.name(host)
        here = self._links.setdefault(_normal(address), Link(beneath=self))
        return here if port is None else self._links.setdefault((_normal(address), port), Link(beneath=here))

    def cut(self, host: str, port: int | None = None) -> int:
        """Every connection to `host` breaks: both sides hear that the other is gone. Returns how many did."""
        address = host if host.startswith(("/", "\0")) or _is_numeric(host) else self.name(host)
        broken = 0
        for sock in [self.sockets[fd] for fd in sorted(self.sockets)]:
            wire = sock.incoming
            if wire is not None and not wire.is_reset and _is_at(sock.peer, address, port):
                sock.sever()
                broken += 1
        return broken

    # ------------------------------------------------------------ names

    def getaddrinfo(
        self, host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[AddrInfo]:
        """As `socket.getaddrinfo`, for names in memory. One that is to be listened at gets an address if it has none.

        Raises socket.gaierror for a name that nobody here has.
        """
        number = _port(port)
        kind, proto = type or socket.SOCK_STREAM, proto or (17 if type == socket.SOCK_DGRAM else 6)
        found: list[AddrInfo] = []
        for address in self._addresses(host.decode() if isinstance(host, bytes) else host, family, flags):
            version = socket.AF_INET6 if ":" in address else socket.AF_INET
            if family in (0, version):
                found.append((version, kind, proto, "", _address(version, address, number)))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found

    def _addresses(self, host: str | None, family: int, flags: int) -> list[str]:
        if not host and flags & socket.AI_PASSIVE:
            return [*_ANY] if family else [_ANY[0]]
        if not host:
            return self._local(family)
        if _is_numeric(host):
            return [_normal(host)]
        if _plain(host) == "localhost":
            return self._local(family)
        if flags & socket.AI_PASSIVE:
            self.name(host)
        return self._names.get(_plain(host), [])

    def _local(self, family: int) -> list[str]:
        """`localhost` is one address unless IPv6 is asked for, so that a server there has one port."""
        return self._names["localhost"] if family else self._names["localhost"][:1]

    def has_name(self, host: Any) -> bool:
        """Whether that is a name that somebody here has, and not every machine."""
        return isinstance(host, str) and _plain(host) != "localhost" and bool(self._names.get(_plain(host)))

    def listens_at(self, address: Any) -> bool:
        """Whether somebody listens at what may be an address, or at one of a name's."""
        if isinstance(address, str):
            return self.listener(address) is not None
        if not (isinstance(address, tuple) and len(address) > 1 and isinstance(address[0], str)):
            return False
        hosts = [address[0]] if _is_numeric(address[0]) else self._names.get(_plain(address[0]), [])
        return any(self.listener((host, address[1])) is not None for host in hosts)

    # ------------------------------------------------------------ sockets

    def add(self, sock: MemorySocket) -> int:
        fd = self._next_fd()
        self.sockets[fd] = sock
        return fd

    def remove(self, sock: MemorySocket) -> None:
        self.sockets.pop(sock.fileno(), None)
        if self._bound.get(_key(sock.name)) is sock:
            del self._bound[_key(sock.name)]

    def bind(self, sock: MemorySocket, address: Address) -> Address:
        """`address` with its port; raises OSError if somebody has it."""
        if sock.family != socket.AF_UNIX:
            host, port, *rest = address
            address = (_normal(host), port or self._free_port(), *rest)
        if self._taken(address):
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        self._bound[_key(address)] = sock
        return address

    def _taken(self, address: Address) -> bool:
        if isinstance(address, str):
            return address in self._bound
        host, port = _key(address)
        on_port = {there[0] for there in self._bound if not isinstance(there, str) and there[1] == port}
        any_here = _ANY[":" in host]
        return host in on_port or any_here in on_port or (host == any_here and any(map(_same(host), on_port)))

    def _free_port(self) -> int:
        taken = {there[1] for there in self._bound if not isinstance(there, str)}
        for _ in _PORTS:
            port = self._next_port()
            if port not in taken:
                return port
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))

    def own_address(self, family: int) -> Address:
        """What a client that is bound to nothing is called."""
        if family == socket.AF_UNIX:
            return ""
        return _address(family, "127.0.0.1" if family == socket.AF_INET else "::1", self._free_port())

    def listener(self, address: Address) -> MemorySocket | None:
        for key in (_key(address), *(_key(each) for each in _wild(address))):
            found = self._bound.get(key)
            if found is not None and found.listening:
                return found
        return None

    def link_to(self, address: Address) -> Link:
        if isinstance(address, str):
            return self._links.get(address) or Link()
        host, port = _key(address)
        return self._links.get((host, port)) or self._links.get(host) or self

    # ------------------------------------------------------------ sockets of the system

    def beside(self, sock: socket.socket) -> MemorySocket:
        """What stands in memory for a socket of the system, which itself is connected to nothing and carries nothing."""
        found = self._beside.get(sock)
        if found is None:
            found = self._beside[sock] = MemorySocket(self, sock.family, sock.type, sock.proto)
            weakref.finalize(sock, found.close)
            if sock.family != socket.AF_UNIX and sock.getsockname()[1]:
                found.name = sock.getsockname()
        return found

    def known(self, sock: Any) -> MemorySocket | None:
        """The one in memory that is meant by `sock`, if there is one."""
        if isinstance(sock, MemorySocket):
            return sock
        return self._beside.get(sock) if isinstance(sock, socket.socket) else None


def _same(host: str) -> Callable[[str], bool]:
    """Whether another address is of the same version."""
    return lambda other: (":" in other) is (":" in host)


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _normal(host: str) -> str:
    return str(ipaddress.ip_address(host)) if _is_numeric(host) else host


def _port(port: Any) -> int:
    """Raises socket.gaierror for a service that has no number here."""
    if isinstance(port, bytes):
        port = port.decode()
    if not port or isinstance(port, int):
        return port or 0
    number = _SERVICES.get(port, int(port) if port.isdigit() else None)
    if number is None:
        raise socket.gaierror(socket.EAI_SERVICE, "Servname not supported for ai_socktype")
    return number


def _address(family: int, host: str, port: int) -> Address:
    return (host, port, 0, 0) if family == socket.AF_INET6 else (host, port)


def _key(address: Address) -> Any:
    return address if isinstance(address, str) or address is None else (_normal(address[0]), address[1])


def _wild(address: Address) -> list[Address]:
    """Where somebody who listens everywhere on this machine is found for `address`."""
    if isinstance(address, str):
        return []
    host, port = _key(address)
    parsed = ipaddress.ip_address(host)
    return [(_ANY[parsed.version == 6], port)] if parsed.is_loopback or parsed.is_unspecified else []


def _is_at(peer: Address, host: str, port: int | None) -> bool:
    if peer is None or isinstance(peer, str):
        return bool(peer) and peer == host
    return _key(peer)[0] == _normal(host) and port in (None, peer[1])
