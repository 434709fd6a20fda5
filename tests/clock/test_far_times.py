"""Large numbers, small remainders, and numbers that are none: the clock neither stands still nor jumps, and refuses by name."""

import asyncio
import json
import math
import operator
import pickle
import queue
import re
import threading
import time
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError
from grader.ticks import NEVER, to_seconds, to_tick, to_wait

STARTS = [0.0, 1e5, 1e7, 1.9e9, -1.9e9, 4e9]


def run(program: Coroutine[Any, Any, Any], start: float = 0.0) -> Any:
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(start=start)) as runner:
        return runner.run(program)


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize("start", STARTS)
def test_sleeps_are_exact_wherever_the_clock_begins(start: float) -> None:
    async def main() -> tuple[float, float]:
        before = now()
        for _ in range(10):
            await asyncio.sleep(0.1)
        return before, now()

    assert run(main(), start) == (start, start + 1)


@pytest.mark.parametrize("start", STARTS)
def test_a_timer_is_not_due_before_the_loop_says_that_it_is_its_time(start: float) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for step in range(100):
            when = now() + step * 0.0000007
            reached = loop.create_future()
            loop.call_at(when, reached.set_result, None)
            await reached
            while now() < when:  # a tick that is just before it is followed by one that is not
                again = loop.create_future()
                loop.call_at(when, again.set_result, None)
                await again
            assert now() - when < 0.000001
            await asyncio.sleep(0.1)

    run(main(), start)


def test_a_far_deadline_is_at_its_time() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        reached = loop.create_future()
        loop.call_at(1e8, reached.set_result, None)
        await reached
        return now()

    assert run(main()) == 1e8


def test_a_far_blocking_sleep_ends_at_its_time() -> None:
    async def main() -> float:
        time.sleep(1e8)  # noqa: ASYNC251
        return now()

    assert run(main()) == 1e8


def test_what_is_left_of_a_time_can_be_slept_until_nothing_is() -> None:
    async def main() -> float:
        await asyncio.sleep(0.1)
        deadline = now() + 0.2
        assert deadline > 0.3  # by less than a tick
        while (left := deadline - now()) > 0:
            await asyncio.sleep(left)
        return now()

    assert run(main()) == 0.300000001


def wait_in_a_queue() -> None:
    with pytest.raises(queue.Empty):
        queue.Queue[int]().get(timeout=0.1)


def wait_for_a_condition() -> None:
    condition = threading.Condition()
    with condition:
        assert not condition.wait_for(lambda: False, timeout=0.1)


@pytest.mark.parametrize("wait", [wait_in_a_queue, wait_for_a_condition])
def test_what_is_left_of_a_time_can_be_waited_for_in_a_thread(wait: Callable[[], None]) -> None:
    def work() -> float:
        time.sleep(0.2)
        wait()
        return time.monotonic()

    async def main() -> float:
        return await asyncio.to_thread(work)

    assert run(main()) == 0.300000001


@pytest.mark.parametrize("start", [math.inf, -math.inf, 1e300, 2**62 / 1e9])
def test_a_clock_does_not_begin_where_it_could_not_move(start: float) -> None:
    said = f"a clock cannot begin at {start} seconds; give less than 4611686018"
    with pytest.raises(ValueError, match=re.escape(said)):
        VirtualLoop(start=start)
    with pytest.raises(ValueError, match=re.escape(said)):
        Clock(epoch=start)


def test_nan_is_no_time() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for set_timer in (loop.call_later, loop.call_at):
            with pytest.raises(ValueError, match="NaN"):
                set_timer(math.nan, print)
        with pytest.raises(ValueError, match="NaN"):
            time.sleep(math.nan)  # noqa: ASYNC251
        lock = threading.Lock()
        lock.acquire()
        with pytest.raises(ValueError, match="NaN"):
            lock.acquire(timeout=math.nan)
        assert now() == 0

    run(main())
    with pytest.raises(ValueError, match="NaN"):
        VirtualLoop(start=math.nan)


def test_infinity_never_comes() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(math.inf, print, "never")
        loop.call_at(math.inf, print, "never")
        with pytest.raises(OverflowError, match="timestamp (too large|out of range)"):
            time.sleep(math.inf)  # noqa: ASYNC251
        lock = threading.Lock()
        lock.acquire()
        with pytest.raises(OverflowError, match="timestamp out of range|too large"):
            lock.acquire(timeout=math.inf)
        await asyncio.sleep(1e6)
        assert now() == 1e6
        await asyncio.sleep(math.inf)

    with pytest.raises(DeadlockError, match="nothing can ever run again"):
        run(main())


def test_before_all_times_is_now() -> None:
    async def main() -> list[str]:
        loop, order = asyncio.get_running_loop(), list[str]()
        loop.call_later(-math.inf, order.append, "later")
        loop.call_at(-math.inf, order.append, "at")
        await asyncio.sleep(0)
        assert now() == 0
        return order

    assert sorted(run(main())) == ["at", "later"]


@pytest.mark.parametrize("seconds", [0.1, 1.9e9, 1.9e9 + 0.1, 4e9 + 1 / 3, -1.9e9 - 0.1, 9007199.254740993])
def test_seconds_are_the_same_again_when_they_come_back_from_ticks(seconds: float) -> None:
    assert to_seconds(to_tick(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "ticks"),
    [(0, 0), (-1, -(10**9)), (5e-17, 1), (1e-9, 1), (1.4e-9, 1), (math.inf, NEVER), (10**6, 10**15)],
)
def test_a_wait_that_is_to_last_lasts_a_tick_at_least(seconds: float, ticks: int) -> None:
    assert to_wait(seconds) == ticks


@pytest.mark.parametrize("start", [0.0, 1.7e9, 4e9])
def test_equal_deadlines_come_in_their_order_however_they_were_said(start: float) -> None:
    """A time-out is set for a time, a sleep for how long it lasts."""

    async def main() -> list[str]:
        ends = []
        for step in range(1, 100):
            delay = step / 100 + step * 0.001
            try:
                async with asyncio.timeout(delay):
                    await asyncio.sleep(delay)
                ends.append("slept")
            except TimeoutError:
                ends.append("timed out")
        return ends

    assert set(run(main(), start)) == {"timed out"}

    async def both() -> list[int]:
        loop, called = asyncio.get_running_loop(), list[int]()
        for number in range(0, 100, 2):
            delay = 0.1 + number * 0.0123
            loop.call_at(loop.time() + delay, called.append, number)
            loop.call_later(delay, called.append, number + 1)
        await asyncio.sleep(5)
        return called

    assert run(both(), start) == list(range(100))


def test_a_time_that_is_far_is_a_float_and_loses_nothing_that_is_added_to_it() -> None:
    async def main() -> None:
        before = now()
        await asyncio.sleep(0.1)
        assert isinstance(before, float)
        assert now() - before == 0.1
        assert before + 0.1 == now() == 0.1 + before
        assert now() - 0.1 == before == 1.7e9
        assert (now() - before) * 2 == 0.2
        assert before + math.inf == math.inf
        assert before - 1.7e9 == 0.0
        assert type(pickle.loads(pickle.dumps(before))) is float
        assert json.dumps(before) == repr(before) == "1700000000.0"
        with pytest.raises(TypeError):
            operator.add(before, Decimal("0.1"))
        end = time.monotonic() + 0.3
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(left)
        assert now() - before == 0.4

    run(main(), 1.7e9)


# ---------------------------------------------------------------- the end of the clock

LAST = to_seconds(NEVER) - 86_400


async def again_and_again(wait: Callable[[float], Any]) -> None:
    while True:
        slept = wait(3600)
        if slept is not None:
            await slept


@pytest.mark.parametrize(
    "wait",
    [asyncio.sleep, lambda seconds: time.sleep(seconds), lambda seconds: asyncio.to_thread(time.sleep, seconds)],
    ids=["a coroutine", "a call that blocks", "a thread"],
)
def test_where_the_clock_ends_it_is_said_that_it_goes_no_further(wait: Callable[[float], Any]) -> None:
    said = "this clock goes no further than 2030-01-02 00:00 UTC, and nothing can run before that:"
    with pytest.raises(DeadlockError, match=f"^{said}\n  "):
        run(again_and_again(wait), LAST)


def test_who_sleeps_beyond_the_end_is_told_the_same_and_where_he_sleeps() -> None:
    async def main() -> None:
        await asyncio.sleep(1e12)

    with pytest.raises(DeadlockError) as caught:
        run(main())
    first, who = str(caught.value).split("\n  ")
    assert first == "this clock goes no further than 2176-02-20 23:53 UTC, and nothing can run before that:"
    assert who.endswith(": waits for the end of a sleep of 1e+12 s, later than this clock goes")


def test_a_short_sleep_at_the_end_is_later_than_the_clock_goes() -> None:
    with pytest.raises(DeadlockError, match=r"sleep of 3600 s, later than this clock goes$"):
        run(again_and_again(asyncio.sleep), LAST)


def test_who_waits_for_ever_waits_for_no_end_of_the_clock() -> None:
    with pytest.raises(DeadlockError, match=r"^nothing can ever run again:"):
        run(asyncio.sleep(math.inf), LAST)
