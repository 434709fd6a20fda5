"""Locks and semaphores of `multiprocessing` where the system has none for a job: for the threads of this process.

So whatever of it needs no other process does as in a kernel: its pools of threads, its locks and queues between threads.
"""

import os
import threading
from _thread import get_ident
from importlib import import_module
from typing import Any

_RECURSIVE = 0  # the kind whose owner may acquire it again


class SemLock:
    """In the place of `_multiprocessing.SemLock`."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind, self.maxvalue, self.handle = kind, maxvalue, 0
        self.name = None
        self._value, self._held, self._by = value, 0, 0  # how often it is held, and by whom it was acquired last
        self._free = threading.Condition(threading.Lock())

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        if self.kind != _RECURSIVE or not self._is_mine():
            with self._free:
                seconds = None if timeout is None else max(timeout, 0)
                if not self._free.wait_for(lambda: self._value > 0, seconds if block else 0):
                    return False
                self._value -= 1
        self._held, self._by = self._held + 1, get_ident()
        return True

    def release(self) -> None:
        if self.kind == _RECURSIVE:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._held > 1:
                self._held -= 1
                return
        with self._free:
            if self._value >= self.maxvalue:
                raise ValueError("semaphore or lock released too many times")
            self._held -= 1
            self._value += 1
            self._free.notify()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _count(self) -> int:
        return self._held

    def _is_mine(self) -> bool:
        return self._held > 0 and self._by == get_ident()

    def _get_value(self) -> int:
        return self._value

    def _is_zero(self) -> bool:
        return self._value == 0

    def _after_fork(self) -> None:
        """Nobody forks."""


def put_in_place() -> None:
    """Where the real one cannot be had."""
    try:
        module: Any = import_module("_multiprocessing")
    except ImportError:
        return
    try:
        module.SemLock(1, 1, 1, f"/asyncio-grader-{os.getpid()}", True)  # which has no name any more when it is there
    except OSError:
        module.SemLock = SemLock
