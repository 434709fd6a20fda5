"""`faulthandler` in a run: it dumps nothing, for what it writes goes to a descriptor of the host's, past all that is kept.

To a program it is enabled if the program has enabled it; for a thread that takes part in no run it is what it was.
"""

import faulthandler
from collections.abc import Callable
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement

_NOTHING = ("dump_traceback", "dump_traceback_later", "register", "unregister")


def dumps(enabled: list[bool]) -> list[Replacement]:
    """What stands in `faulthandler` for the time of a run. `enabled`: whether its program has that."""
    module: Any = faulthandler

    def enable(*args: Any, **named: Any) -> None:
        enabled[0] = True

    def disable() -> bool:
        was, enabled[0] = enabled[0], False
        return was

    there: dict[str, Callable[..., Any]] = dict.fromkeys(_NOTHING, lambda *args, **named: None)
    there |= {"enable": enable, "disable": disable, "is_enabled": lambda: enabled[0]}
    found = {name: function for name, function in there.items() if hasattr(module, name)}
    return [(module, name, _in_a_run(getattr(module, name), function)) for name, function in found.items()]


def _in_a_run(real: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    def stands(*args: Any, **named: Any) -> Any:
        return (real if clock_here() is None else ours)(*args, **named)

    stands.__name__ = stands.__qualname__ = real.__name__
    stands.__doc__, stands.__module__ = real.__doc__, real.__module__
    return stands
