"""Locks that are made on a clock: who waits for one is told when it is released.

They are taken and released by functions of C, so that a signal's handler that raises where a `with` begins or ends leaves them
free, as it does with real ones; who has not been told by then is told when the turn passes on.

Checked on 3.11, 3.12 and 3.13: `with` finds `__exit__` in a slot of its class; `IOBase.__exit__` calls `close`, takes whatever
it is given, and all that in C; a condition takes `_release_save`, `_acquire_restore` and `_is_owned` of a lock that has them.
"""

import _io
import _thread
import copyreg
import pkgutil
import sys
import threading
from collections.abc import Callable
from itertools import repeat, starmap
from typing import Any, NoReturn

from grader.clock.library.present import clock_here
from grader.clock.threads.in_line import LINES, LOCK, RLOCK, UNTOLD, acquire, acquire_again, tell

_allocate_lock = _thread.allocate_lock
_note, _NOTHING = UNTOLD.setdefault, repeat(())
_real_lock, _real_rlock = threading.Lock, threading.RLock
_LOCK, _RLOCK = type(_allocate_lock()), type(_thread.RLock())


_new: Callable[[type], Any] = type.__call__


def _refuse_copy(kind: type) -> NoReturn:
    raise TypeError(f"cannot pickle '{kind.__module__}.{kind.__qualname__}' object")


class Exit(_io._IOBase):
    """Its `__exit__` calls `close`, and takes what a `with` gives to it: all in C."""

    __slots__ = ("close",)
    closed = True  # or the garbage collector would close it


def _exit(close: Callable[[], Any]) -> Callable[..., Any]:
    found = Exit()
    found.close = close  # type: ignore[method-assign]
    return found.__exit__


def _telling(release: Callable[[], Any], key: int) -> Callable[[], Any]:
    """`release`, after which whoever waits for the lock with that `id` is told; before it, it is noted that they are not yet.

    A function of C, which no signal's handler breaks off; it calls one of Python when all that matters is done.
    """
    keys = repeat(key)
    told: Callable[[], Any] = map(tell, keys, map(_note, keys), starmap(release, _NOTHING)).__next__
    return told


class _AsTheReal(type):
    """Since 3.13 `threading.Lock` is a class, and programs use it as one: in annotations, with `|`, for `isinstance`.

    So what stands there is a class as well. It is called as the real one is, cannot be subclassed either, has its name, equals
    it, and knows its locks for its own. Pickled it is the real one.
    """

    def __new__(cls, name: str, bases: tuple[type, ...], names: dict[str, Any]) -> "_AsTheReal":
        if bases:
            raise TypeError(f"type '_thread.{_LOCK.__name__}' is not an acceptable base type")
        shown = {"__module__": _LOCK.__module__, "__qualname__": _LOCK.__qualname__, "__doc__": _LOCK.__doc__}
        return super().__new__(cls, _LOCK.__name__, bases, names | shown)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return make_lock(*args, **kwargs)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _LOCK)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return subclass is cls or issubclass(subclass, _LOCK)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is _LOCK

    def __hash__(cls) -> int:
        return hash(_LOCK)


copyreg.pickle(_AsTheReal, lambda _: (pkgutil.resolve_name, ("_thread:LockType",)))


class ClockLock(metaclass=_AsTheReal):
    """A lock for any thread. One that is on a clock waits for it in virtual time, in turn; others wait in real time."""

    __slots__ = ("__exit__", "__weakref__", "_lock", "release")
    __class__ = property(lambda self: _LOCK)  # which `isinstance` asks as well

    def __init__(self) -> None:
        self._lock = _allocate_lock()
        self.release = _telling(self._lock.release, id(self._lock))
        self.__exit__ = _exit(self.release)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        return acquire(LOCK, self._lock, True, blocking, timeout)

    __enter__ = acquire  # of which it need not be known where it was: it stands there as long as it has it

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # type: ignore[no-redef]
        return acquire(LOCK, self._lock, True, blocking, timeout, sys._getframe(1))

    def locked(self) -> bool:
        return self._lock.locked() or id(self._lock) in LINES  # it is the first one's in line

    acquire_lock, locked_lock = acquire, locked  # as it has them, of old

    @property
    def release_lock(self) -> Callable[[], None]:
        return self.release

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        _refuse_copy(_LOCK)

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc]

    def __repr__(self) -> str:
        return f"<{'locked' if self.locked() else 'unlocked'} lock>"


class ClockRLock:
    """The same, of a lock that its thread may take again."""

    __slots__ = ("__exit__", "__weakref__", "_is_owned", "_lock", "_recursion_count", "_release_save", "release")
    __class__ = property(lambda self: _RLOCK)

    def __init__(self) -> None:
        lock: Any = _real_rlock()
        self._lock, key = lock, id(lock)
        self.release, self._release_save = _telling(lock.release, key), _telling(lock._release_save, key)
        self.__exit__ = _exit(self.release)
        self._is_owned = lock._is_owned
        if hasattr(lock, "_recursion_count"):
            self._recursion_count = lock._recursion_count

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        return acquire(RLOCK, self._lock, True, blocking, timeout)

    __enter__ = acquire  # of which it need not be known where it was: it stands there as long as it has it

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # type: ignore[no-redef]
        return acquire(RLOCK, self._lock, True, blocking, timeout, sys._getframe(1))

    def _acquire_restore(self, state: tuple[int, int]) -> None:
        acquire_again(self._lock, True, state)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        _refuse_copy(_RLOCK)

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc]

    def __repr__(self) -> str:
        return f"<{'unlocked' if RLOCK.is_free(self._lock) else 'locked'} RLock>"


def make_lock(*args: Any, **kwargs: Any) -> Any:
    """What `threading.Lock` gives: in a thread that is on no clock the real one."""
    return _real_lock(*args, **kwargs) if args or kwargs or clock_here() is None else _new(ClockLock)


def make_rlock(*args: Any, **kwargs: Any) -> Any:
    return _real_rlock(*args, **kwargs) if clock_here() is None else ClockRLock()


# as errors name them
ClockLock.acquire.__qualname__ = ClockLock.__enter__.__qualname__ = "lock.acquire"
ClockRLock.acquire.__qualname__ = ClockRLock.__enter__.__qualname__ = "RLock.acquire"
