"""The interpreter's own locks and simple queues, whenever and by whom they were made: a thread on a clock waits for them in
virtual time.

Their classes are of C; what waits in them is replaced in the dictionaries of the classes. What releases stays as it is.

Checked on 3.11, 3.12 and 3.13: `with` looks for `__enter__` in the class; a condition takes `acquire` and `_acquire_restore` of
an RLock when it is made, and keeps them.
"""

import _thread
import queue
import sys
import threading
from typing import Any

from grader.clock.library.present import MARKS
from grader.clock.library.replaced import Inside, Replacement
from grader.clock.threads import in_line
from grader.clock.threads.in_line import LINES, LOCK, RLOCK, TAKERS, acquire, acquire_again

_ident = _thread.get_ident
_LOCK, _RLOCK = type(_thread.allocate_lock()), type(_thread.RLock())
_LOCK_AT_ONCE, _RLOCK_AT_ONCE = LOCK.at_once, RLOCK.at_once


class RealLock:
    """What stands in the class of locks. Everybody in the process goes by here, so the way that is gone most is short."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        return acquire(LOCK, self, False, blocking, timeout, sys._getframe(1))

    def __enter__(self) -> bool:
        key, me = id(self), _ident()
        mark = MARKS.get(me, me)  # before it is taken: a call looks for signals
        if key not in LINES and _LOCK_AT_ONCE[self]:
            TAKERS[key] = mark
            return True
        return acquire(LOCK, self, False, True, -1)


class RealRLock:
    """What stands in the class of locks that a thread may take again."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        return acquire(RLOCK, self, False, blocking, timeout, sys._getframe(1))

    def __enter__(self) -> bool:
        key, me = id(self), _ident()
        mark = MARKS.get(me, me)  # before it is taken: a call looks for signals
        if key not in LINES and _RLOCK_AT_ONCE[self]:
            TAKERS[key] = mark
            return True
        return acquire(RLOCK, self, False, True, -1)

    def _acquire_restore(self, state: tuple[int, int]) -> None:
        acquire_again(self, False, state)


class RealSimpleQueue:
    """What stands in the class of simple queues."""

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        return in_line.get(self, block, timeout)

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        in_line.put(self, item)

    def put_nowait(self, item: Any) -> None:
        in_line.put(self, item)


class _OfItsLock:
    """A name in conditions for what they took of their locks when they were made: it is looked up in the lock again."""

    def __init__(self, name: str, own: Any) -> None:
        self._name, self._own = name, own

    def __get__(self, condition: Any, owner: type) -> Any:
        if condition is None:
            return self._own
        lock = condition._lock
        if isinstance(lock, _LOCK | _RLOCK) and hasattr(lock, self._name):
            return getattr(lock, self._name)
        try:
            return condition.__dict__[self._name]
        except KeyError:
            return self._own.__get__(condition, owner)

    def __set__(self, condition: Any, value: Any) -> None:
        condition.__dict__[self._name] = value


class _Conditions:
    """The class of conditions, in which there may be a name or not."""

    def __getattr__(self, name: str) -> Any:
        return vars(threading.Condition).get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if value is None:
            delattr(threading.Condition, name)
        else:
            setattr(threading.Condition, name, value)


_STANDS = (
    (_LOCK, RealLock, ("acquire", "acquire_lock", "__enter__")),
    (_RLOCK, RealRLock, ("acquire", "_acquire_restore", "__enter__")),
    (queue.SimpleQueue, RealSimpleQueue, ("get", "put", "put_nowait")),
)


for _kind, _ours, _names in _STANDS:
    for _name in _names:
        _method = getattr(_ours, _name.removesuffix("_lock"))
        _method.__qualname__ = f"{_kind.__name__}.{_method.__name__}"  # as errors name it


def replacements() -> list[Replacement]:
    """What stands in the classes of locks, simple queues and conditions; who took a lock is noted from now on."""
    TAKERS.clear()
    found: list[Replacement] = [
        (Inside(kind), name, getattr(ours, name.removesuffix("_lock")))
        for kind, ours, names in _STANDS
        for name in names
    ]
    conditions, own = _Conditions(), vars(threading.Condition)
    return [*found, *((conditions, name, _OfItsLock(name, own.get(name))) for name in ("acquire", "_acquire_restore"))]
