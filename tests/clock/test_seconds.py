"""A time-out that is no number of seconds is refused as Python itself refuses it, in the same words."""

import math
import queue
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.clock.running import run


class Whole:
    """What may be used as a whole number."""

    def __index__(self) -> int:
        return 2


def held() -> Any:
    lock = threading.Lock()
    lock.acquire()
    return lock


CALLS: dict[str, Callable[[Any], Any]] = {
    "SimpleQueue.get": lambda seconds: queue.SimpleQueue[int]().get(True, seconds),
    "Queue.get": lambda seconds: queue.Queue[int]().get(True, seconds),
    "Lock.acquire": lambda seconds: held().acquire(True, seconds),
    "RLock.acquire": lambda seconds: threading.RLock().acquire(True, seconds),
    "Event.wait": lambda seconds: threading.Event().wait(seconds),
    "time.sleep": time.sleep,
}
NO_SECONDS: list[Any] = ["x", b"", Fraction(1, 2), Decimal("0.5"), object()]


def refused(call: Callable[[Any], Any], seconds: Any) -> tuple[type[BaseException], str]:
    with pytest.raises((TypeError, ValueError, OverflowError)) as caught:
        call(seconds)
    return caught.type, str(caught.value)


@pytest.mark.parametrize("seconds", NO_SECONDS, ids=lambda seconds: type(seconds).__name__)
@pytest.mark.parametrize("name", [name for name in CALLS if name != "Queue.get"])
def test_what_is_no_number_is_refused_in_pythons_own_words(name: str, seconds: Any) -> None:
    async def main() -> Any:
        return refused(CALLS[name], seconds)

    assert run(main()) == refused(CALLS[name], seconds)


@pytest.mark.parametrize("seconds", [-1, -0.5, math.nan, math.inf, 10**30])
def test_a_simple_queue_refuses_numbers_as_pythons_own(seconds: float) -> None:
    get = CALLS["SimpleQueue.get"]

    async def main() -> Any:
        return refused(get, seconds)

    assert run(main()) == refused(get, seconds)


def test_a_queue_compares_what_it_is_given_first() -> None:
    async def main() -> Any:
        return refused(CALLS["Queue.get"], "x")

    assert run(main()) == refused(CALLS["Queue.get"], "x")


def test_a_whole_number_by_another_name_is_waited_for() -> None:
    async def main() -> float:
        time.sleep(Whole())  # noqa: ASYNC251
        with pytest.raises(queue.Empty):
            CALLS["SimpleQueue.get"](Whole())
        assert not CALLS["Lock.acquire"](Whole())
        thread = threading.Thread(target=time.sleep, args=(60,))
        thread.start()
        thread.join(True)
        return time.monotonic()

    assert run(main()) == 7
