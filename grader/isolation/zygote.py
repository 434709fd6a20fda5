"""The zygote: a process that has imported everything and shut itself in, and forks once for each submission.

It is trusted and never runs a program itself. It speaks with whoever started it through one socket, which no job has.
What it says: `{"ready": level}` or `{"failed": why}`, once. What it is told: a job's bounds, with two sockets: the job's, and
one for what is said about the job: that it has started, with a descriptor of its process, and how it ended.
"""

import contextlib
import gc
import json
import os
import pkgutil
import select
import signal
import socket
import sys
from array import array
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from os import _exit  # as it is before anything stands in its place
from typing import Any

from grader.isolation import landlock, system
from grader.isolation import probes as tried
from grader.isolation.forks import nothing_at_forks
from grader.isolation.job import CONNECTION, OPEN_FILES, Defences, prepared, shut_in
from grader.isolation.namespaces import World, become_nobody
from grader.isolation.reasons import explained
from grader.isolation.rehearsal import rehearse, rehearse_files
from grader.isolation.uncounted import use_uncounted
from grader.isolation.users import is_root
from grader.isolation.visible import Visible, visible
from grader.runner import child_main, packages
from grader.runner.bounds import bound

LARGEST = 4096  # bytes of what it is told
_TWO = socket.CMSG_SPACE(2 * array("i").itemsize)  # bytes for the descriptors that come with it
FAILED = 97  # the exit status of a job that could not be shut in
# what a program of asyncio imports, and the grader's side of it when it needs it
_OFTEN = (
    *(
        "asyncio",
        "collections",
        "concurrent.futures.thread",
        "contextlib",
        "contextvars",
        "copy",
        "dataclasses",
        "datetime",
    ),
    *(
        "decimal",
        "encodings.idna",
        "enum",
        "functools",
        "heapq",
        "inspect",
        "io",
        "itertools",
        "json",
        "linecache",
        "logging",
    ),
    *(
        "math",
        "operator",
        "queue",
        "random",
        "re",
        "statistics",
        "string",
        "struct",
        "tempfile",
        "textwrap",
        "threading",
    ),
    *("time", "timeit", "tokenize", "traceback", "typing", "types", "uuid", "warnings", "weakref"),
)
_OURS = ("grader.door", "grader.clock", "grader.runner")


def main() -> None:
    """The program; its argument is JSON: descriptor, level, home, folder, packages and what is left out."""
    told = json.loads(sys.argv[1])
    control = socket.SocketType(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, told["descriptor"])
    try:
        with nothing_at_forks():
            _import_all()
        _forget_home(told["home"])
        packages.offer(told["packages"])
        rehearse()
        with contextlib.suppress(OSError):  # where nothing can be written, the first of such files is slower
            rehearse_files()
        defences = _shut_in(told, control)
    except Exception as error:
        control.send(json.dumps({"failed": explained(error)}).encode()[:LARGEST])
        return
    child_main.prepare()
    control.send(json.dumps({"ready": told["level"]}).encode())
    gc.collect()
    use_uncounted()
    gc.freeze()
    Zygote(control, defences).serve()


def _import_all() -> None:
    """A job finds no file of the grader's, so whatever it may need is there before."""
    for name in _OFTEN:
        import_module(name)
    for name in _OURS:
        package = import_module(name)
        for module in pkgutil.iter_modules(package.__path__, f"{name}."):
            with contextlib.suppress(ImportError):  # what another system has
                import_module(module.name)


def _forget_home(home: str) -> None:
    """What was not imported by now does not exist any more."""
    sys.path[:] = [path for path in sys.path if path != home]
    for name, module in sys.modules.items():
        if name.partition(".")[0] == "grader" and hasattr(module, "__path__"):
            module.__path__ = []
    sys.path_importer_cache.clear()


def _go_on_in_a_fork(control: socket.SocketType) -> None:
    """The zygote is the first of a namespace of processes; the present process only waits for its end."""
    process = os.fork()
    if process:
        control.close()
        os.waitpid(process, 0)
        os._exit(0)
    system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)


def _shut_in(told: dict[str, Any], control: socket.SocketType) -> Defences:
    import resource

    if system.architecture() is None:
        raise OSError("it is made for Linux on x86-64 and aarch64 only")
    landlock.version()  # before anything is changed
    bound(resource.RLIMIT_NOFILE, OPEN_FILES)
    seen, without = visible(told["packages"].values()), frozenset(told["without"])
    if told["level"] == "A":
        world = World(without)
        world.enter(seen)
        _go_on_in_a_fork(control)
        world.begin()
        return prepared(world, seen, "", 0, without)
    return prepared(None, seen, told["folder"], _without_root(seen), without)


def _without_root(seen: Visible) -> int:
    """Root becomes nobody. Where Python is root's alone, a job may go on reading all files, of which Landlock leaves it few."""
    if not is_root():
        return 0
    mask = 1 << system.CAP_DAC_READ_SEARCH
    become_nobody(mask)
    kept = 0 if all(os.access(path, os.R_OK) for path in seen.folders) else mask
    system.set_capabilities(kept)
    return kept


class Zygote:
    """Until the other side of `control` is gone.

    Whatever it does for a job it does with little, for each page that it writes to is copied then: it shares all with the job.
    So its sockets are those of C alone, which `socket.socket` makes more of in Python.
    """

    def __init__(self, control: socket.SocketType, defences: Defences) -> None:
        self._control, self._defences = control, defences
        self._jobs: dict[int, tuple[int, socket.SocketType]] = {}  # by the descriptor of the process
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._jobs:
                    self._ended(descriptor)
                elif not self._heard():
                    return

    def _heard(self) -> bool:
        """One job begins; False if there will be no more."""
        message, came, _, _ = self._control.recvmsg(LARGEST, _TWO)
        if not message:
            return False
        connection, status = array("i", came[0][2])
        try:
            self._begin(
                _bounds(message), connection, socket.SocketType(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, status)
            )
        finally:
            os.close(connection)
        return True

    def _begin(self, bounds: dict[str, Any], connection: int, status: socket.SocketType) -> None:
        try:
            if self._defences.world is not None and self._defences.has("namespaces"):
                self._defences.world.next_process()
            process = os.fork()
        except OSError as error:
            status.send(f"failed {error}".encode())
            status.close()
            return
        if process == 0:
            _job(self._defences, bounds, connection)
        found = os.pidfd_open(process)
        status.sendmsg([b"started"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [found]))])
        self._jobs[found] = (process, status)
        self._poll.register(found, select.POLLIN)

    def _ended(self, descriptor: int) -> None:
        process, status = self._jobs.pop(descriptor)
        self._poll.unregister(descriptor)
        os.close(descriptor)
        _, code, usage = os.wait4(process, 0)
        try:
            seconds = usage.ru_utime + usage.ru_stime
            status.send(f"ended {os.waitstatus_to_exitcode(code)} {seconds:.6f}".encode())
        except OSError:  # nobody may want to know any more
            pass
        finally:
            status.close()


@lru_cache(maxsize=4)
def _bounds(message: bytes) -> dict[str, Any]:
    """The same for file after file."""
    told: dict[str, Any] = json.loads(message)
    return told


def _tell(connection: int, error: BaseException) -> None:
    """Why a job could not be shut in; its connection may have got its number already, and has no other then."""
    said = json.dumps({"failed": explained(error)}).encode()
    try:
        os.write(connection, said)
    except OSError:
        with contextlib.suppress(OSError):
            os.write(CONNECTION, said)


def _job(defences: Defences, bounds: dict[str, Any], connection: int) -> None:
    """In the fork; never returns."""
    code = FAILED
    try:
        probes: Sequence[str] | None = bounds.pop("probes", None)
        inside = shut_in(defences, connection, bounds)
        code = 0
        if probes is None:
            child_main.serve(inside)
        else:
            tried.run(inside, probes)
    except BaseException as error:
        if code == FAILED:
            _tell(connection, error)
        code = code or 1
    finally:
        _exit(code)
