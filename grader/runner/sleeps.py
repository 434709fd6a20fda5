"""`asyncio.sleep` where it is an operation of the exercise: a sleep that lasts is witnessed, any other is asyncio's own.

A `sleep(0)` is a turn for the others and no work; what asyncio would refuse to sleep for it refuses here too. And what a file
sleeps before its function is called is nobody's to judge.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.runner.proxies import looking_async, operation_of

if TYPE_CHECKING:
    from grader.runner.desk import Desk

LONGEST = 10**9
_PLAIN = (bool, int, float, str)


def sleeper(desk: "Desk", packed: Any) -> Callable[..., Any]:
    """What stands for `asyncio.sleep`; `packed` is the world's operation."""
    real, ref, params = asyncio.sleep, packed[1], packed[2]["params"]

    def sleep(delay: Any, result: Any = None) -> Any:
        coroutine: Any = _slept(desk, ref, len(params), real, delay, result, desk.line(sys._getframe(1)))
        coroutine.__name__ = coroutine.__qualname__ = "sleep"
        return coroutine

    return looking_async(sleep)


async def _slept(desk: "Desk", ref: int, takes: int, real: Any, delay: Any, result: Any, line: int | None) -> Any:
    seconds = seconds_of(delay)
    if seconds is None or not desk.entered:
        return await real(delay, result)
    args = (seconds, result if type(result) in _PLAIN else None)[:takes]
    if desk.foreseen_ticks(ref, args):
        await desk.sleep(ref, args, line)
        return result
    value = await operation_of(desk, ref, "__call__", args, line)
    return value if result is None else result  # what a program gives to be given back is its very own


def seconds_of(delay: Any) -> int | float | None:
    """How long that is, as it crosses; None for what is no length of time, or none that lasts."""
    if not isinstance(delay, int | float):
        if not hasattr(delay, "numerator"):  # a Fraction has
            return None
        delay = float(delay)
    plain = int(delay) if isinstance(delay, int) else float(delay)
    return plain if 0 < plain <= LONGEST else None
