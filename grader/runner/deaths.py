"""What would end the whole process at once: it ends the run, with its line, at every level and in process too.

For a thread that takes part in no run, and for another process that the program has forked, it is what it was.
"""

import builtins
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NoReturn

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.clock.over import BrokenOffError

_BY_NAME = ("exit", "quit")  # the module `site` makes them, and closes standard input, which is the host's


class EndedError(BrokenOffError):
    """The program called what ends its process; `detail` says what."""

    kind = "exit"


_system: Any = sys.modules["nt" if os.name == "nt" else "posix"]
_getpid = os.getpid
_REAL: dict[str, Callable[..., NoReturn]] = {name: getattr(_system, name) for name in ("_exit", "abort")}
_process = 0  # the one that plays the run


def here() -> None:
    """It is this process that plays the run."""
    global _process
    _process = _getpid()


def deaths() -> list[Replacement]:
    """What stands in `os` for the time of a run."""
    here()
    return [(module, name, _ends_the_run(name)) for name in _REAL for module in (os, _system)]


def as_ever() -> None:
    """Until the run is over, these end the process: what is played has nobody to tell."""
    for name, real in _REAL.items():
        for module in (os, _system):
            setattr(module, name, real)


@lru_cache(maxsize=len(_REAL))
def _ends_the_run(name: str) -> Callable[..., NoReturn]:
    real = _REAL[name]

    def ends(*args: Any, **named: Any) -> NoReturn:
        clock = clock_here()
        if clock is None or _getpid() != _process:  # a fork by C is told nobody, and has the clock
            real(*args, **named)
        raise clock.break_off(EndedError(f"os.{name}"))

    ends.__name__ = ends.__qualname__ = name
    ends.__doc__, ends.__module__ = real.__doc__, real.__module__
    return ends


class _Quits:
    def __init__(self, name: str):
        self.name = name

    def __repr__(self) -> str:
        return f"Use {self.name}() or Ctrl-D (i.e. EOF) to exit"

    def __call__(self, code: Any = None) -> NoReturn:
        raise SystemExit(code)


def stand_with_site() -> None:
    """For good, `exit` and `quit`, which a child has not, because nothing of `site` is loaded there."""
    for name in _BY_NAME:
        if not hasattr(builtins, name):
            setattr(builtins, name, _Quits(name))


@contextlib.contextmanager
def as_with_site() -> Iterator[None]:
    """The same in somebody's process, for the time of a run."""
    names: dict[str, Any] = vars(builtins)
    before = {name: names.get(name) for name in _BY_NAME}
    names.update({name: _Quits(name) for name in _BY_NAME})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                names.pop(name, None)
            else:
                names[name] = value
