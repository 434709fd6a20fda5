"""What a loop that stands alone has in memory: connections, servers and programs, by asyncio's own transports and protocols.

Under a referee all of it is refused. Sockets of the system carry nothing; where a library makes one itself, as aiohttp does,
one in memory stands beside it.

Of asyncio's internals it uses, checked on 3.11, 3.12 and 3.13: all of `selector_events.BaseSelectorEventLoop` but the selector
and the pair of sockets that its `__init__` makes; `_connect_sock`, with which `create_connection` makes its sockets; `Server`,
`_create_connection_transport` and `_make_subprocess_transport`.
"""

import asyncio
import errno
import functools
import os
import socket
import sys
import weakref
from asyncio import base_events, constants, selector_events
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from grader.clock.library.refusals import Refusing
from grader.clock.loops.asked import bind, check_stream, check_tls, hosts_of, refuse_unknown
from grader.clock.loops.light import LightLoop
from grader.clock.loops.selector import MemorySelector
from grader.clock.threads.pools import is_elsewhere
from grader.clock.world.pipes import WritePipe
from grader.clock.world.programs import MemorySubprocess
from grader.clock.world.sockets import MemorySocket
from grader.clock.world.transports import OfItsLoop

if TYPE_CHECKING:
    from grader.clock.world.network import Network

Made = tuple[Any, Any]  # transport and protocol
_Selecting: Any = selector_events.BaseSelectorEventLoop


def _in_memory(method: Callable[..., Any]) -> Callable[..., Any]:
    """`method` where no referee keeps the clock, in the thread of its loop; else it is refused."""
    call = f"loop.{method.__name__}"

    @functools.wraps(method)
    async def either(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.clock.door is not None:
            self.refuse(method.__name__)
        self._check_whose(sys._getframe(1), False, call)
        return await method(self, *args, **kwargs)

    return either


class MemoryTransport(OfItsLoop):
    """It has no file descriptor into which the system could send a file."""

    _sendfile_compatible = constants._SendfileMode.FALLBACK


class MemoryLoop(Refusing, LightLoop, selector_events.BaseSelectorEventLoop):
    """`network` is that of the clock."""

    def _close_all(self) -> None:
        super()._close_all()
        if "_selector" in vars(self):
            self._selector.close()

    @property
    def network(self) -> "Network":
        return self.clock.network

    @functools.cached_property
    def _selector(self) -> MemorySelector:
        self._holds_more = True
        return MemorySelector(self)  # type: ignore[arg-type]

    @functools.cached_property
    def _transports(self) -> "weakref.WeakValueDictionary[int, Any]":
        return weakref.WeakValueDictionary()

    def _make_socket_transport(
        self, sock: Any, protocol: Any, waiter: Any = None, *, extra: Any = None, server: Any = None
    ) -> Any:
        return MemoryTransport(self, sock, protocol, waiter, extra, server)

    def _stop_serving(self, sock: Any) -> None:
        _Selecting._stop_serving(self, sock)
        self._check_whose(sys._getframe(1))  # type: ignore[attr-defined]

    # ------------------------------------------------------------ names

    @_in_memory
    async def getaddrinfo(self, host: Any, port: Any, **hints: Any) -> Any:
        return self.network.getaddrinfo(host, port, **hints)

    @_in_memory
    async def getnameinfo(self, sockaddr: Any, flags: int = 0) -> tuple[str, str]:
        return str(sockaddr[0]), str(sockaddr[1])

    # ------------------------------------------------------------ clients

    @_in_memory
    async def create_connection(self, factory: Any, host: Any = None, port: Any = None, **options: Any) -> Made:
        if options.get("sock") is not None:
            options["sock"] = self._connected("create_connection", options["sock"])
        made: Made = await base_events.BaseEventLoop.create_connection(self, factory, host, port, **options)
        return made

    async def _connect_sock(self, exceptions: list[Any], addr_info: Any, local_addr_infos: Any = None) -> MemorySocket:
        """As asyncio's, with a socket in memory."""
        family, kind, proto, _, address = addr_info
        failures: list[OSError] = []
        exceptions.append(failures)
        sock = MemorySocket(self.network, family, kind, proto)
        try:
            for own_family, *_, own in local_addr_infos or ():
                if own_family == family:
                    bind(sock, own)
                    break
            await self.sock_connect(sock, address)
        except OSError as error:
            failures.append(error)
            sock.close()
            raise
        except BaseException:
            sock.close()
            raise
        return sock

    @_in_memory
    async def create_unix_connection(
        self,
        factory: Any,
        path: Any = None,
        *,
        ssl: Any = None,
        sock: Any = None,
        server_hostname: str | None = None,
        **timeouts: Any,
    ) -> Made:
        check_tls(ssl, timeouts, server_hostname)
        if (path is None) is (sock is None):
            raise ValueError("path and sock can not be specified at the same time")
        if ssl and server_hostname is None:
            raise ValueError("you have to pass server_hostname when using ssl")
        if sock is None:
            sock = await self._unix_connection(os.fsdecode(path))
        else:
            sock = self._connected("create_unix_connection", sock)
        made: Made = await self._create_connection_transport(sock, factory, ssl, server_hostname, **timeouts)  # type: ignore[attr-defined]
        return made

    async def _unix_connection(self, path: str) -> MemorySocket:
        sock = MemorySocket(self.network, socket.AF_UNIX)
        try:
            await self.sock_connect(sock, path)
        except BaseException:
            sock.close()
            raise
        return sock

    # ------------------------------------------------------------ servers

    @_in_memory
    async def create_server(
        self,
        factory: Any,
        host: Any = None,
        port: Any = None,
        *,
        family: int = socket.AF_UNSPEC,
        flags: int = socket.AI_PASSIVE,
        sock: Any = None,
        backlog: int = 100,
        ssl: Any = None,
        start_serving: bool = True,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
        **of_the_system: Any,
    ) -> asyncio.Server:
        """`reuse_address`, `reuse_port` and `keep_alive` have nothing to change here."""
        refuse_unknown("create_server", of_the_system, ("reuse_address", "reuse_port", "keep_alive"))
        timeouts = {"ssl_handshake_timeout": ssl_handshake_timeout, "ssl_shutdown_timeout": ssl_shutdown_timeout}
        check_tls(ssl, timeouts)
        if sock is not None:
            if host is not None or port is not None:
                raise ValueError("host/port and sock can not be specified at the same time")
            check_stream(sock)
            sockets = [self._taken_over(sock)]
        elif host is None and port is None:
            raise ValueError("Neither host/port nor sock were specified")
        else:
            sockets = self._bound(hosts_of(host), port, family, flags)
        return await self._serve(sockets, factory, ssl, backlog, timeouts, start_serving)

    @_in_memory
    async def create_unix_server(
        self,
        factory: Any,
        path: Any = None,
        *,
        sock: Any = None,
        backlog: int = 100,
        ssl: Any = None,
        start_serving: bool = True,
        ssl_handshake_timeout: float | None = None,
        ssl_shutdown_timeout: float | None = None,
        **of_the_system: Any,
    ) -> asyncio.Server:
        """Nothing appears in the file system: `path` is a name."""
        refuse_unknown("create_unix_server", of_the_system, ("cleanup_socket",))
        timeouts = {"ssl_handshake_timeout": ssl_handshake_timeout, "ssl_shutdown_timeout": ssl_shutdown_timeout}
        check_tls(ssl, timeouts)
        if (path is None) is (sock is None):
            raise ValueError("path and sock can not be specified at the same time")
        if sock is None:
            path, sock = os.fsdecode(path), MemorySocket(self.network, socket.AF_UNIX)
            if self.network.listener(path) is not None:
                raise OSError(errno.EADDRINUSE, f"Address {path!r} is already in use")
            sock.bind(path)
        else:
            check_stream(sock, of_unix=True)
            sock = self._taken_over(sock)
        return await self._serve([sock], factory, ssl, backlog, timeouts, start_serving)

    async def _serve(
        self, sockets: list[MemorySocket], factory: Any, ssl: Any, backlog: int, timeouts: dict[str, Any], start: bool
    ) -> asyncio.Server:
        server: Any = base_events.Server(self, sockets, factory, ssl, backlog, *timeouts.values())  # type: ignore[arg-type]
        if start:
            server._start_serving()
            await asyncio.sleep(0)
        return server  # type: ignore[no-any-return]

    def _bound(self, hosts: list[Any], port: Any, family: int, flags: int) -> list[MemorySocket]:
        """One socket for each address, in the order of `hosts`; none if one of them is taken."""
        found = [self.network.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, flags) for host in hosts]
        sockets: list[MemorySocket] = []
        try:
            for version, kind, proto, _, address in dict.fromkeys(info for infos in found for info in infos):
                sockets.append(MemorySocket(self.network, version, kind, proto))
                bind(sockets[-1], address)
        except OSError:
            for sock in sockets:
                sock.close()
            raise
        return sockets

    def _taken_over(self, sock: Any) -> MemorySocket:
        """In memory somebody listens where a socket of the system is bound; that one itself hears nothing."""
        if isinstance(sock, MemorySocket):
            return sock
        found = MemorySocket(self.network, sock.family, sock.type, sock.proto)
        bind(found, sock.getsockname())
        found.beside = sock
        return found

    # ------------------------------------------------------------ sockets

    def _meant(self, name: str, sock: Any) -> MemorySocket:
        found = self.network.known(sock)
        if found is None:
            self.refuse(name)
        return found

    def _connected(self, name: str, sock: Any) -> MemorySocket:
        """The one in memory, which takes over the one of the system that it stands for."""
        base_events._check_ssl_socket(sock)  # type: ignore[attr-defined]
        check_stream(sock, of_unix=name == "create_unix_connection")
        found = self._meant(name, sock)
        if found is not sock:
            found.beside = sock
        return found

    def _asked(self, name: str, sock: Any) -> MemorySocket:
        self._check_socket(sock)
        return self._meant(name, sock)

    def _check_socket(self, sock: Any) -> None:
        """As asyncio does: of the system's socket, in whose place one in memory works."""
        base_events._check_ssl_socket(sock)  # type: ignore[attr-defined]
        if self._debug and sock.gettimeout() != 0:
            raise ValueError("the socket must be non-blocking")

    @_in_memory
    async def sock_connect(self, sock: Any, address: Any) -> None:
        if not isinstance(sock, MemorySocket):
            self._check_socket(sock)
            sock = self.network.beside(sock)
        await _Selecting.sock_connect(self, sock, os.fsdecode(address) if sock.family == socket.AF_UNIX else address)

    @_in_memory
    async def sock_recv(self, sock: Any, nbytes: int) -> Any:
        return await _Selecting.sock_recv(self, self._asked("sock_recv", sock), nbytes)

    @_in_memory
    async def sock_recv_into(self, sock: Any, buf: Any) -> Any:
        return await _Selecting.sock_recv_into(self, self._asked("sock_recv_into", sock), buf)

    @_in_memory
    async def sock_sendall(self, sock: Any, data: Any) -> None:
        await _Selecting.sock_sendall(self, self._asked("sock_sendall", sock), data)

    def _is_known(self, fd: Any) -> bool:
        """Also one that was closed under whoever waits for it."""
        return fd in self.clock.network.sockets or ("_selector" in vars(self) and fd in self._selector.get_map())

    def remove_reader(self, fd: Any) -> bool:
        """For asyncio itself, which calls it for a socket in memory; others are refused."""
        if not self._is_known(fd):
            self.refuse("remove_reader")
        return bool(_Selecting.remove_reader(self, fd))

    def remove_writer(self, fd: Any) -> bool:
        """See `remove_reader`."""
        if not self._is_known(fd):
            self.refuse("remove_writer")
        return bool(_Selecting.remove_writer(self, fd))

    @_in_memory
    async def start_tls(self, *args: Any, **kwargs: Any) -> Any:
        return await base_events.BaseEventLoop.start_tls(self, *args, **kwargs)

    @_in_memory
    async def sendfile(self, *args: Any, **kwargs: Any) -> Any:
        return await base_events.BaseEventLoop.sendfile(self, *args, **kwargs)

    # ------------------------------------------------------------ threads

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        """As asyncio's; a pool whose workers are elsewhere is refused, since nobody here would wait for them.

        Jobs of a pool of threads are adopted (`threads.adopted`).
        """
        adopted = isinstance(executor, ThreadPoolExecutor) and self.clock.door is None
        if not adopted and is_elsewhere(executor, self.clock):
            self.refuse("run_in_executor")
        return base_events.BaseEventLoop.run_in_executor(self, executor, func, *args)

    # ------------------------------------------------------------ programs

    @_in_memory
    async def subprocess_exec(self, *args: Any, **kwargs: Any) -> Any:
        return await base_events.BaseEventLoop.subprocess_exec(self, *args, **kwargs)

    @_in_memory
    async def subprocess_shell(self, *args: Any, **kwargs: Any) -> Any:
        return await base_events.BaseEventLoop.subprocess_shell(self, *args, **kwargs)

    async def _make_subprocess_transport(self, *args: Any, **kwargs: Any) -> Any:
        waiter = self.create_future()
        kwargs["waiter"] = waiter
        transport = MemorySubprocess(self, *args, **kwargs)
        try:
            await waiter
        except BaseException:
            transport.close()
            raise
        return transport

    @_in_memory
    async def connect_read_pipe(self, factory: Any, pipe: Any) -> Made:
        return await self._connect_pipe("connect_read_pipe", MemoryTransport, factory, pipe)

    @_in_memory
    async def connect_write_pipe(self, factory: Any, pipe: Any) -> Made:
        return await self._connect_pipe("connect_write_pipe", WritePipe, factory, pipe)

    async def _connect_pipe(self, name: str, kind: type, factory: Any, pipe: Any) -> Made:
        if not isinstance(pipe, MemorySocket):
            self.refuse(name)
        protocol, waiter = factory(), self.create_future()
        transport = kind(self, pipe, protocol, waiter, {"pipe": pipe})
        await waiter
        return transport, protocol
