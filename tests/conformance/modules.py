"""The modules of CPython's tests of asyncio that are played on the loop, and those that are not, with the reason."""

# name: how many of its tests build the loop, at least, on every supported Python
PLAYED = {
    "test_base_events": 50,
    "test_buffered_proto": 1,
    "test_context": 1,
    "test_eager_task_factory": 35,
    "test_events": 200,
    "test_futures2": 3,
    "test_locks": 65,
    "test_queues": 40,
    "test_runners": 24,
    "test_sendfile": 55,
    "test_server": 2,
    "test_sock_lowlevel": 35,
    "test_ssl": 20,
    "test_sslproto": 20,
    "test_staggered": 5,
    "test_streams": 60,
    "test_subprocess": 110,
    "test_taskgroups": 30,
    "test_tasks": 240,
    "test_threads": 6,
    "test_timeouts": 30,
    "test_unix_events": 45,
    "test_waitfor": 14,
}
SINCE = {"test_eager_task_factory": "3.12", "test_staggered": "3.13"}  # the first Python that has it

# Played on a loop that stands alone as well, which takes its turns another way, and has connections in memory; the server that
# CPython's tests start for themselves is in memory then (`memory_server`). Again: how many build the loop, at least.
ALONE = {
    "test_base_events": 16,
    "test_buffered_proto": 1,
    "test_context": 1,
    "test_eager_task_factory": 35,
    "test_events": 50,
    "test_futures2": 3,
    "test_locks": 65,
    "test_queues": 40,
    "test_runners": 23,
    "test_server": 2,
    "test_sock_lowlevel": 12,
    "test_staggered": 5,
    "test_streams": 60,
    "test_subprocess": 25,
    "test_taskgroups": 30,
    "test_tasks": 240,
    "test_threads": 6,
    "test_timeouts": 30,
    "test_waitfor": 14,
}
_STANDS = "a timer beside a task that never waits: `sleep(0)` again and again takes no virtual time"
_LISTENS = "the test itself listens, on a socket of the system"
_DATAGRAMS = "datagrams, which are refused by name"
_ACCEPTS = "`sock_accept`, which is refused by name"
_MOCKED = "sockets or a look-up of addresses that are mock objects"
_REFUSED = "an argument that is refused by name before asyncio's own error"
_NO_SOCKET = "what only a socket of the system has, and a server in memory does not look at"
_CONNECTS = "the test itself connects, by a socket of the system"
_SIGNALS = "signals of the system, which are refused by name"
_PIPES = "a pipe or a terminal of the system, which is refused by name"
_READY = "descriptors of the system, which are refused by name"
_ACCEPTED = "`connect_accepted_socket`, which is refused by name"
_POPEN = "a `subprocess.Popen`, which no program in memory has"
_WATCHER = "a watcher of children of the system, which no program in memory has"
_SELECTOR = "the same tests with another selector, and a loop in memory has none"
_WATCHES = "the same tests with another watcher of children, and a loop in memory asks none"
_NAME = "the file of a unix socket, whose path is but a name in memory"
# module: those of its tests that are not, by a part of their names on the newest Python, or a whole one, which begins with
# `test_`, or a part of the name of their class, which has a capital; and what they are about
NOT_ALONE = {
    "test_base_events": {
        "datagram": _DATAGRAMS,
        "bluetooth": _MOCKED,
        "connection_ip_addr": _MOCKED,
        "ipv6_scope": _MOCKED,
        "multiple_errors": _MOCKED,
        "no_inet_pton": _MOCKED,
        "service_name": _MOCKED,
        "connection_timeout": _MOCKED,
        "server_cant_bind": _MOCKED,
        "server_empty_host": _MOCKED,
        "server_no_getaddrinfo": _MOCKED,
        "getnameinfo": _MOCKED,
        "host_port_sock": _REFUSED,
        "ssl_server_hostname_errors": _REFUSED,
        "connection_wrong_sock": _REFUSED,
        "soreuseport": _NO_SOCKET,
        "server_wrong_sock": _NO_SOCKET,
    },
    "test_events": {
        "PollEventLoop": _SELECTOR,
        "signal_handl": _SIGNALS,
        "pty": _PIPES,
        "read_pipe": _PIPES,
        "write_pipe": _PIPES,
        "unclosed_pipe": _PIPES,
        "connect_accepted": _ACCEPTED,
        "datagram": _DATAGRAMS,
        "test_create_server": _CONNECTS,
        "dual_stack": _CONNECTS,
        "server_close": _CONNECTS,
        "test_create_unix_server": _CONNECTS,
        "multiple_hosts": _MOCKED,
        "reuse_port": _NO_SOCKET,
        "create_server_sock": _NO_SOCKET,
        "trsock": _NO_SOCKET,
        "internal_fds": "the descriptors that a loop in memory has not",
        "prompt_cancellation": "a socket of the system, which is refused by name",
        "er_callback": _READY,
        "remove_fds": _READY,
        "close_client_stream": "an error of a write by the system; a program in memory has asyncio's own stream, and its error",
        "new_process": "a pool of processes, which is refused by name",
    },
    "test_runners": {
        "interrupt_call_soon": _STANDS,
        "run_debug": "a function inside of asyncio that the test replaces, and this loop does not ask",
    },
    "test_server": {
        "start_server_1": _CONNECTS,
        "start_unix_server_1": _CONNECTS,
        "unix_server_sock_cleanup": _NAME,
        "cleanup_replaced": _NAME,
        "cleanup_prevented": _NAME,
    },
    "test_sock_lowlevel": {
        "sock_accept": _ACCEPTS,
        "client_ops": _ACCEPTS,
        "recvfrom": _DATAGRAMS,
        "sendto": _DATAGRAMS,
        "racing": _LISTENS,
    },
    "test_streams": {
        "drain_raises": _LISTENS,
        "from_pipe": "a pipe of the system, which is refused by name",
        "unclosed_server": _CONNECTS,
    },
    "test_subprocess": {
        "SafeWatcher": _WATCHES,
        "FastWatcher": _WATCHES,
        "PidfdWatcher": _WATCHES,
        "popen_error": _POPEN,
        "dont_kill_finished": _POPEN,
        "stdin_broken_pipe": "`pass_fds`, which is refused by name",
        "inactive_watcher": _WATCHER,
        "with_pidfd": _WATCHER,
    },
}
NOT_OUTSIDE = {"test_runners": {"interrupt_call_soon": _STANDS}}
LEFT_OUT: dict[str, dict[str, dict[str, str]]] = {"outside": NOT_OUTSIDE, "alone": NOT_ALONE, "asyncio": {}}
SINCE_ALONE = {"test_server": "3.12"}  # before it, all of its tests are left out
KINDS = [("outside", module) for module in PLAYED] + [("alone", module) for module in ALONE]


def since(kind: str, module: str) -> str:
    """The first Python on which that module is played on that kind of loop."""
    alone = SINCE_ALONE.get(module) if kind == "alone" else None
    return alone or SINCE.get(module, "3.11")


NOT_PLAYED = {
    "test_futures": "builds no loop: it has loops of its own that stand still",
    "test_pep492": "builds no loop",
    "test_proactor_events": "about the inside of another loop",
    "test_protocols": "builds no loop",
    "test_selector_events": "about the inside of asyncio's own loop, on sockets that are mock objects",
    "test_transports": "builds no loop",
    "test_windows_events": "about the inside of another loop",
    "test_windows_utils": "builds no loop",
}
