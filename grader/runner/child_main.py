"""The child process: limits first, then case after case through the pipe, until the other side is gone.

Started with a bare interpreter and nothing inherited but one socket.
"""

import contextlib
import os
import resource
import socket
import sys
import threading
from typing import Any

from grader.door.pipe import Pipe
from grader.runner.play_case import Play
from grader.runner.source import compile_source

MIB = 1024 * 1024
STACK = MIB  # a thread's; by default they are eight times as large, and a child's address space is bounded


def _used_memory() -> int:
    """Bytes of address space that the interpreter itself has, 0 where that cannot be known."""
    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
    return 0


def _threads_of_user() -> int:
    """How many threads there are that count for the limit; 0 where that cannot be known."""
    user, found = os.getuid(), 0
    for process in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if process.isdigit():
            with contextlib.suppress(OSError):
                if os.stat(f"/proc/{process}").st_uid == user:
                    found += len(os.listdir(f"/proc/{process}/task"))
    return found


def _bound(what: int, value: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # a lower hard limit is in force already
        resource.setrlimit(what, (value, value))


def limit(memory_mb: int, open_files: int, processes: int) -> None:
    """Bounds for good: memory, files, processes; nothing is written to disk, and no core is left."""
    _bound(resource.RLIMIT_AS, _used_memory() + memory_mb * MIB)
    _bound(resource.RLIMIT_NOFILE, open_files)
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_CORE, 0)
    if hasattr(resource, "RLIMIT_NPROC"):
        # a bound on all that this user runs, threads too: so what is there already counts
        _bound(resource.RLIMIT_NPROC, _threads_of_user() + processes)
    threading.stack_size(STACK)


def limit_cpu(seconds: float) -> None:
    """The backstop for one case: one huge call in C hears no signal handler, but is ended by the system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def main() -> None:
    descriptor, memory_mb, open_files, processes = map(int, sys.argv[1:5])
    pipe = Pipe(socket.socket(fileno=descriptor))
    limit(memory_mb, open_files, processes)
    code: dict[str, Any] = {}
    for start in pipe.starts():
        limit_cpu(start["limits"]["cpu_seconds"])
        source = code.setdefault(start["source"], start["source"].encode("latin-1"))
        if isinstance(source, bytes):
            with contextlib.suppress(SyntaxError, RecursionError, MemoryError):
                code[start["source"]] = compile_source(source, start["filename"])
        play = Play(pipe, start | {"source": code[start["source"]]})
        pipe.end_of_run = play.end_of_run
        pipe.bye(play.play())
