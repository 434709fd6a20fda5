"""What the library does at a fork, for locks that a thread may hold and for random numbers: a zygote has no need of it.

The zygote has no thread that could hold a lock, and a job has its random numbers from its seed, so all that would only be done
once more for each submission, in both processes; by the time of a fork it was most of what the fork cost.
"""

import contextlib
import os
from collections.abc import Iterator
from importlib import import_module


def main() -> None:
    """The zygote's program, imported without that."""
    with nothing_at_forks():
        zygote = import_module("grader.isolation.zygote")
    zygote.main()


@contextlib.contextmanager
def nothing_at_forks() -> Iterator[None]:
    """What is imported in this time registers nothing that is done at forks."""
    real = os.register_at_fork
    os.register_at_fork = _ignored
    try:
        yield
    finally:
        os.register_at_fork = real


def _ignored(**handlers: object) -> None:
    """As `os.register_at_fork`."""
