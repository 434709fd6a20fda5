"""What stands for a function of Python's own, in its dress: to whoever asks `inspect`, name, text, signature and place are
those of the function that a program knows.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def dressed(ours: F, real: Callable[..., Any]) -> F:
    """`ours` itself."""
    made: Any = ours
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(made, name, getattr(real, name, None))
    made.__annotations__ = {}
    there: Any = getattr(real, "__code__", None)
    if there is not None:  # a function in C has no text
        made.__signature__ = _signature(real)
        made.__code__ = made.__code__.replace(
            co_filename=there.co_filename,
            co_firstlineno=there.co_firstlineno,
            co_name=there.co_name,
            co_qualname=there.co_qualname,
        )
    return ours


@functools.lru_cache(maxsize=32)
def _signature(real: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(real)
