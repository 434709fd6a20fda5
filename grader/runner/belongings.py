"""What a process has and no name of a module shows: standard descriptors, limits, contexts of `decimal`, names of logs' levels.

Each is told as it is, with what puts it back; what cannot be put back stays as it is, and is told otherwise the next time.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

_resource: ModuleType | None
try:
    import resource as _resource
except ImportError:  # where there are no such limits
    _resource = None

_KINDS: tuple[int, ...] = (
    ()
    if _resource is None
    else tuple(kind for name, kind in vars(_resource).items() if name.startswith("RLIMIT_") and name != "RLIMIT_CPU")
)
_getrlimit: Any = getattr(_resource, "getrlimit", None)

Own = list[tuple[Callable[[Any], object], Any]]
STANDARD = (0, 1, 2)
# as they are before a run puts others in their places
_fstat = os.fstat
_stack_size = threading.stack_size
_CONTEXTS = ("DefaultContext", "BasicContext", "ExtendedContext")
_PARTS = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")


def belongings() -> Own:
    found: Own = [(_stack_size, _stack_size()), (_limits_back, limits())]
    if (decimal := sys.modules.get("decimal")) is not None:
        found.append((_contexts_back, [_told(getattr(decimal, name)) for name in _CONTEXTS]))
    if (tempfile := sys.modules.get("tempfile")) is not None:
        found.append((_tempdir_back, tempfile.tempdir))
    if (logging := sys.modules.get("logging")) is not None:
        found.append((_levels_back, (dict(logging._nameToLevel), dict(logging._levelToName))))
    return found


def of_this_process(own: Own) -> Own:
    """`own` of the process of which this is a fork, with what was set here since: bounds."""
    anew: dict[Any, Callable[[], Any]] = {_stack_size: _stack_size, _limits_back: limits}
    return [(put_back, anew[put_back]() if put_back in anew else value) for put_back, value in own]


def limits() -> list[tuple[int, tuple[int, int]]]:
    """But for that of CPU time, which is set anew for each run."""
    return [(kind, _getrlimit(kind)) for kind in _KINDS]


def _limits_back(before: list[tuple[int, tuple[int, int]]]) -> None:
    for kind, values in before:
        with contextlib.suppress(ValueError, OSError):  # who lowered the higher of the two lowered it for good
            if _resource is not None and _getrlimit(kind) != values:
                _resource.setrlimit(kind, values)


def _told(context: Any) -> list[Any]:
    """Its parts, the flags that are set in it, and what it traps: as it is pickled, which is one call of C."""
    _, told = context.__reduce__()
    return [*told]


def _contexts_back(told: list[list[Any]]) -> None:
    decimal: Any = sys.modules["decimal"]
    for name, (*parts, flags, traps) in zip(_CONTEXTS, told, strict=True):
        context = getattr(decimal, name)
        for part, value in zip(_PARTS, parts, strict=True):
            setattr(context, part, value)
        for sets, those in ((context.traps, traps), (context.flags, flags)):
            for signal in sets:
                sets[signal] = signal in those


def _tempdir_back(path: Any) -> None:
    tempfile: Any = sys.modules["tempfile"]
    tempfile.tempdir = path


def _levels_back(told: tuple[dict[str, int], dict[int, str]]) -> None:
    logging: Any = sys.modules["logging"]
    for names, before in zip((logging._nameToLevel, logging._levelToName), told, strict=True):
        names.clear()
        names.update(before)


# ---------------------------------------------------------------- standard descriptors

Place = tuple[int, int] | None  # what lies at a descriptor; None where it is closed


def standing() -> list[Place]:
    return [place_of(descriptor) for descriptor in STANDARD]


def place_of(descriptor: int) -> Place:
    try:
        found = _fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino
