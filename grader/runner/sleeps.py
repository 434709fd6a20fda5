"""`asyncio.sleep` where it is an operation of the exercise: a sleep that lasts is witnessed, any other is asyncio's own.

A `sleep(0)` is a turn for the others and no work; what asyncio would refuse to sleep for it refuses here too. And what a file
sleeps before its function is called is nobody's to judge.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.runner.dress import dressed
from grader.runner.origins import without_origin
from grader.runner.proxies import looking_async, operation_of

if TYPE_CHECKING:
    from grader.runner.desk import Desk

LONGEST = 10**9
_PLAIN = (bool, int, float, str)


def sleeper(desk: "Desk", packed: Any) -> Callable[..., Any]:
    """What stands for `asyncio.sleep`; `packed` is the world's operation."""
    real, ref, takes = asyncio.sleep, packed[1], len(packed[2]["params"])

    def sleep(delay: Any, result: Any = None) -> Any:
        args, line = _crossing(delay, result, takes), desk.line(sys._getframe(1))
        coroutine: Any
        if args is not None and desk.entered and desk.foreseen_ticks(ref, args):
            coroutine = without_origin(desk.sleep, ref, args, line, result)
        else:
            coroutine = without_origin(_slept, desk, ref, real, delay, result, args, line)
        coroutine.__name__ = coroutine.__qualname__ = "sleep"
        return coroutine

    return looking_async(dressed(sleep, real))


def _crossing(delay: Any, result: Any, takes: int) -> tuple[Any, ...] | None:
    """The arguments as they cross; None for a sleep that does not last."""
    seconds = seconds_of(delay)
    return None if seconds is None else (seconds, result if type(result) in _PLAIN else None)[:takes]


async def _slept(
    desk: "Desk", ref: int, real: Any, delay: Any, result: Any, args: tuple[Any, ...] | None, line: int | None
) -> Any:
    if args is None or not desk.entered:
        if not isinstance(delay, int | float) and delay > 0:
            0.0 + delay  # as a loop adds it to its time: it takes no Decimal, and says so
        return await without_origin(real, delay, result)
    value = await without_origin(operation_of, desk, ref, "__call__", args, line)
    return value if result is None else result  # what a program gives to be given back is its very own


def seconds_of(delay: Any) -> int | float | None:
    """How long that is, as it crosses; None for what is no length of time, or none that lasts."""
    if not isinstance(delay, (int, float)):
        if not hasattr(delay, "numerator"):  # a Fraction has
            return None
        delay = float(delay)
    plain = int(delay) if isinstance(delay, int) else float(delay)
    return plain if 0 < plain <= LONGEST else None
