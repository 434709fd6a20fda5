"""What the interpreter takes for seconds: a float, or a whole number, and nothing that is merely compared like one."""

import operator
from typing import Any


def seconds_of(given: Any) -> float:
    """The number that was given; raises TypeError in the words in which functions of C do."""
    return given if isinstance(given, float) else operator.index(given)


_HAVE = {"timedelta": "total_seconds()", "datetime": "timestamp()"}


def check_seconds(name: str, given: Any) -> None:
    """Raises TypeError for what is no number, in words that say what to give as `name`."""
    if isinstance(given, int | float) or (hasattr(given, "__float__") and not isinstance(given, str | bytes)):
        return
    method = next((_HAVE[kind.__name__] for kind in type(given).__mro__ if kind.__name__ in _HAVE), None)
    instead = f"; a {type(given).__name__} has them in .{method}" if method else ""
    raise TypeError(f"{name} is {given!r}: give a number of seconds{instead}")
