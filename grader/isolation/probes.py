"""What must fail in a job, tried in one before anybody's program is: a defence that is not there is found out first."""

import json
import os
import socket
from collections.abc import Callable, Sequence

Probe = Callable[[], object]
_ELSEWHERE = "/grader-probe"


def _forks() -> None:
    if os.fork() == 0:
        os._exit(0)


def _maps_shared_memory() -> None:
    import mmap

    mmap.mmap(-1, 4096).close()


def _connects() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _connects_here() -> None:
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def _unshares() -> None:
    from grader.isolation import system

    system.unshare(system.CLONE_NEWUSER)


def _mounts() -> None:
    from grader.isolation import system

    system.mount("none", "/", "tmpfs")


def _memory_file() -> None:
    os.close(os.memfd_create("probe"))


def _raises_a_limit() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY:
        return
    resource.setrlimit(resource.RLIMIT_AS, (hard * 2, hard * 2))


def _writes(path: str) -> Probe:
    return lambda: os.close(os.open(path, os.O_WRONLY | os.O_CREAT))


def _reads(path: str) -> Probe:
    return lambda: os.close(os.open(path, os.O_RDONLY))


def _probes(secrets: Sequence[str]) -> dict[str, Probe]:
    """By what they would do. `secrets` are files and folders that nobody may see."""
    library = os.path.dirname(os.__file__)
    found: dict[str, Probe] = {f"read {path}": _reads(path) for path in secrets}
    return found | {
        "read /etc/passwd": _reads("/etc/passwd"),
        "read /proc/self/environ": _reads("/proc/self/environ"),
        "write into Python's library": _writes(os.path.join(library, "grader-probe")),
        "write elsewhere": _writes(_ELSEWHERE),
        "write into /tmp": _writes(f"/tmp{_ELSEWHERE}"),
        "make a link": lambda: os.symlink("/", "grader-probe"),
        "open a network socket": _connects,
        "open a unix socket": _connects_here,
        "fork": _forks,
        "execute a program": lambda: os.execv("/bin/true", ["true"]),
        "send a signal": lambda: os.kill(os.getppid() or 1, 0),
        "share memory": _maps_shared_memory,
        "make a file in memory": _memory_file,
        "make a namespace": _unshares,
        "mount": _mounts,
        "raise a limit": _raises_a_limit,
    }


def succeeded(secrets: Sequence[str], skip: Sequence[str] = ()) -> list[str]:
    """What could be done although it must not."""
    found = []
    for name, probe in _probes(secrets).items():
        if name in skip:
            continue
        try:
            probe()
        except (OSError, ValueError):
            continue
        found.append(name)
    return found


def run(connection: socket.SocketType, secrets: Sequence[str]) -> None:
    """Tell what succeeded."""
    connection.sendall(json.dumps(succeeded(secrets)).encode())
