"""Event loops that a program makes past the policy, `asyncio.SelectorEventLoop()` say: in a file that is graded as it is they
are the run's own as well, for nothing in such a file is there for an outside.

To a program the class is the one that it knows: its loops are instances of it, and a class of its own may be made of it.
"""

import asyncio
from functools import lru_cache
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.clock.loops.loop import VirtualLoop


class _Present:
    on = True  # whether loops by hand are the present run's


_present = _Present()


def are_the_runs(on: bool) -> None:
    """From now on, where what stands for them stands from one run to the next."""
    _present.on = on


class _Making(type):
    """A call of the class itself makes a loop of the run, in threads of one; any other is what it always was."""

    real: type

    def __call__(cls, *args: Any, **named: Any) -> Any:
        clock = clock_here()
        if "real" not in vars(cls) or not _present.on or clock is None or clock.make_loop is None:
            return (vars(cls).get("real") or super().__call__)(*args, **named)
        return clock.make_loop()

    def __instancecheck__(cls, instance: Any) -> bool:
        wanted = ((VirtualLoop, cls.real) if _present.on else cls.real) if "real" in vars(cls) else ()
        return super().__instancecheck__(instance) or isinstance(instance, wanted)


@lru_cache(maxsize=1)
def _stand_in(real: type) -> type:
    names = {"__doc__": real.__doc__, "__module__": real.__module__, "__qualname__": real.__qualname__, "real": real}
    return _Making(real.__name__, (real,), names)


def loops_by_hand() -> list[Replacement]:
    """Wherever asyncio has the class: by its names, and in the policy that a program may make as well."""
    real: Any = asyncio.SelectorEventLoop
    made = _stand_in(real)
    policy: Any = asyncio.DefaultEventLoopPolicy
    names = [name for name in ("SelectorEventLoop", "EventLoop") if getattr(asyncio, name, None) is real]
    found: list[Replacement] = [(asyncio, name, made) for name in names]
    return found + ([(policy, "_loop_factory", made)] if getattr(policy, "_loop_factory", None) is real else [])
