"""That there was no descriptor to be had, of the calls that no audit hook hears, whatever a program makes of the error."""

import _socket
import errno
import functools
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

try:
    import resource as _resource
except ImportError:  # on Windows, where nothing is shut in
    resource: Any = None
else:
    resource = _resource

TOO_MANY = "too many files are open"
_CALLS: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (os, ("pipe", "pipe2", "dup", "dup2", "eventfd")),
    (_socket, ("socketpair", "dup")),
)
_NONE_LEFT = frozenset({errno.EMFILE, errno.ENFILE})
Met = Callable[[str], object]


def listen(met: Met) -> None:
    """From now on, for good: puts what tells of it in the place of each."""
    for module, names in _CALLS:
        for name in names:
            call = getattr(module, name, None)
            if call is not None:  # not on every system
                setattr(module, name, heard(call, met))


def heard(call: Callable[..., Any], met: Met) -> Callable[..., Any]:
    @functools.wraps(call)
    def hears(*args: Any, **named: Any) -> Any:
        try:
            return call(*args, **named)
        except OSError as error:
            if error.errno in _NONE_LEFT or (error.errno == errno.EBADF and _is_beyond([*args, *named.values()][1:2])):
                met(TOO_MANY)
            raise

    return hears


def _is_beyond(number: list[Any]) -> bool:
    """Of the number that `dup2` is to give: that there is none as high. The system calls it bad, and not the last."""
    return any(isinstance(one, int) and one >= resource.getrlimit(resource.RLIMIT_NOFILE)[0] for one in number)
