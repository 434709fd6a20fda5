"""Bounds that the system keeps for a child: memory, files, processes, and the backstop on CPU time."""

import contextlib
import os
import resource
import threading
from time import clock_gettime  # whatever a run replaces

MIB = 1024 * 1024
SLACK = 2  # seconds of CPU time for what the runner does itself when it ends a program
SPARE = 1  # that the cases which a process has played may have taken together, before it is let go for a fresh one
_BY_TICKS = -8  # the clock of Linux that RLIMIT_CPU goes by: CPUCLOCK_PROF of the present process, in posix-timers.h
STACK = MIB  # a thread's; by default they are eight times as large, and a child's address space is bounded


def used_memory() -> int:
    """Bytes of address space that the interpreter itself has, 0 where that cannot be known."""
    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
    return 0


def threads_of_user() -> int:
    """How many threads there are that count for the limit; 0 where that cannot be known."""
    user, found = os.getuid(), 0
    for process in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if process.isdigit():
            with contextlib.suppress(OSError):
                if os.stat(f"/proc/{process}").st_uid == user:
                    found += len(os.listdir(f"/proc/{process}/task"))
    return found


def bound(what: int, value: int) -> None:
    """For good, unless a lower limit is in force already."""
    try:  # noqa: SIM105 -- for speed
        resource.setrlimit(what, (value, value))
    except (ValueError, OSError):
        pass


def limit(used: int, memory_mb: int, open_files: int, processes: int, *, there: int = 0, file_mb: int = 0) -> None:
    """Bounds for good, and no core is left.

    `used`: bytes that the interpreter has itself. `there`: threads that count for `processes` although they are others'.
    `file_mb`: how large a file may become; with 0 nothing is written to disk.
    """
    bound(resource.RLIMIT_AS, used + memory_mb * MIB)
    bound(resource.RLIMIT_NOFILE, open_files)
    bound(resource.RLIMIT_FSIZE, file_mb * MIB)
    bound(resource.RLIMIT_CORE, 0)
    if hasattr(resource, "RLIMIT_NPROC"):
        bound(resource.RLIMIT_NPROC, there + processes)  # threads too
    threading.stack_size(STACK)


def limit_cpu(seconds: float) -> bool:
    """The backstop for one case: one huge call in C hears no signal handler, but is ended by the system.

    False where a limit that is in force for good leaves less than that.
    """
    soft = _cpu_limit(seconds)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    try:  # noqa: SIM105 -- for speed
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    except (ValueError, OSError):
        pass
    return hard == resource.RLIM_INFINITY or soft < hard


def bound_cpu(seconds: float) -> None:
    """For good: a program that ignores the signal of the backstop is killed a second later. A case takes up to `seconds`."""
    bound(resource.RLIMIT_CPU, _cpu_limit(seconds) + 1 + SPARE)


def _cpu_limit(seconds: float) -> int:
    return int(_used_cpu() + seconds) + SLACK


def _used_cpu() -> float:
    """Seconds as the system counts them for its limit: by who is there when it ticks. On a machine that is busy that runs ahead
    of what was really used by some in a hundred, so that a limit counted from there would be met too early in the end.
    """
    with contextlib.suppress(OSError, OverflowError):
        return clock_gettime(_BY_TICKS)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
