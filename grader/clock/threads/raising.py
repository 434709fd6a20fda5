"""An exception in another thread, and taking it back where it was not heard."""

import sys
import threading
from typing import Any


def raise_in(ident: int, kind: type[BaseException]) -> None:
    """Raise `kind` in another thread, at its next instruction of Python."""
    _set(ident, kind)


def take_back(ident: int) -> None:
    """What that thread has not heard of by now it is not to hear; for one that has, nothing happens.

    Until 3.12 (checked on 3.11 and 3.12) an interpreter remembers in one flag for all threads that an exception is on its way,
    and forgets it only where one arrives. With the flag set each thread asks at each call and each turn of a loop, and on 3.11
    a function that is called under `sys.setprofile` or `sys.settrace`, by a debugger for one, begins for ever and never goes
    on. So one is sent to this thread, which hears it.
    """
    _set(ident, None)
    if sys.version_info < (3, 13):
        _hear_one()


class _Heard(BaseException):
    """Sent to the thread that sends it."""


def _hear_one() -> None:
    own = threading.get_ident()
    try:
        _set(own, _Heard)
        while True:
            pass
    except _Heard:
        return
    except BaseException:
        _set(own, None)  # something else came first, Ctrl-C for one, and this is not to come after it
        raise


def _set(ident: int, kind: type[BaseException] | None) -> None:
    import ctypes

    told: Any = ctypes.py_object() if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), told)
