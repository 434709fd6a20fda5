"""Time moved by a test: `advance`, `settle`, and a clock that moves by nothing else."""

import asyncio
import threading
import time

import pytest

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, LivelockError
from tests.clock.running import here, now, run

jumping_or_not = pytest.mark.parametrize("jump", [True, False], ids=["jumping", "by hand"])


async def ticking(heard: list[float], every: float = 1) -> None:
    while True:
        await asyncio.sleep(every)
        heard.append(now())


@jumping_or_not
@pytest.mark.parametrize("debug", [False, True])
def test_advance_lets_all_happen_until_then_and_at_that_time(jump: bool, debug: bool) -> None:
    async def main() -> None:
        heard: list[float] = []
        task = asyncio.create_task(ticking(heard))
        await here().advance(2)
        assert (heard, now()) == ([1, 2], 2)
        await here().advance(0.5)
        assert (heard, now()) == ([1, 2], 2.5)
        await here().advance(0.5)
        assert (heard, now()) == ([1, 2, 3], 3)
        task.cancel()

    run(main(), VirtualLoop(jump=jump), debug)


@jumping_or_not
def test_what_is_set_in_motion_at_the_end_of_an_advance_is_done_too(jump: bool) -> None:
    async def main() -> None:
        steps: list[str] = []

        async def work() -> None:
            await asyncio.sleep(1)
            steps.append("one")
            await asyncio.sleep(0)
            here().call_later(0, steps.append, "two")
            await asyncio.to_thread(steps.append, "three")
            steps.append("four")
            await asyncio.sleep(1e-9)
            steps.append("too late")

        task = asyncio.create_task(work())
        await here().advance(1)
        assert sorted(steps) == ["four", "one", "three", "two"]
        task.cancel()

    run(main(), VirtualLoop(jump=jump))


@jumping_or_not
def test_settle_returns_when_everything_else_waits_and_takes_no_time(jump: bool) -> None:
    async def main() -> None:
        queue: asyncio.Queue[int] = asyncio.Queue()
        got: list[int] = []

        async def consume() -> None:
            while True:
                got.append(await queue.get())
                for _ in range(3):
                    await asyncio.sleep(0)

        task = asyncio.create_task(consume())
        for number in range(10):
            queue.put_nowait(number)
        await here().settle()
        assert got == list(range(10))
        assert now() == 0
        await here().settle()
        task.cancel()

    run(main(), VirtualLoop(jump=jump))


@jumping_or_not
def test_two_may_settle_at_once(jump: bool) -> None:
    async def main() -> None:
        await asyncio.gather(here().settle(), here().settle())
        await asyncio.gather(here().advance(1), here().advance(2), here().settle())
        assert now() == 2

    run(main(), VirtualLoop(jump=jump))


@jumping_or_not
def test_threads_and_their_loops_are_waited_for(jump: bool) -> None:
    seen: list[str] = []

    async def elsewhere() -> None:
        await asyncio.sleep(0)
        seen.append("settled")
        await asyncio.sleep(3)
        seen.append("advanced")
        time.sleep(1)  # noqa: ASYNC251
        seen.append("slept")

    async def main() -> None:
        thread = threading.Thread(target=lambda: asyncio.run(elsewhere()))
        thread.start()
        await here().settle()
        assert seen == ["settled"]
        await here().advance(3)
        assert seen == ["settled", "advanced"]
        await here().advance(1)
        assert seen == ["settled", "advanced", "slept"]
        thread.join()

    run(main(), VirtualLoop(jump=jump))


@jumping_or_not
def test_two_loops_may_settle_at_once(jump: bool) -> None:
    seen: list[str] = []

    async def elsewhere() -> None:
        await here().settle()
        seen.append("settled elsewhere")
        await here().advance(2)
        seen.append("advanced elsewhere")

    async def main() -> None:
        thread = threading.Thread(target=lambda: asyncio.run(elsewhere()))
        thread.start()
        await here().settle()
        seen.append("settled")
        await here().advance(2)
        seen.append("advanced")
        await asyncio.to_thread(thread.join)

    run(main(), VirtualLoop(jump=jump))
    assert sorted(seen[:2]) == ["settled", "settled elsewhere"]
    assert sorted(seen[2:]) == ["advanced", "advanced elsewhere"]


def test_settling_beside_a_task_that_never_waits_is_a_livelock() -> None:
    async def spin() -> None:
        while True:
            await asyncio.sleep(0)

    async def main() -> None:
        task = asyncio.create_task(spin())
        try:
            await here().settle()
        finally:
            task.cancel()

    with pytest.raises(
        LivelockError, match="^1,000 turns of the event loop while the clock stood still; it may .*:\n  Task-"
    ):
        run(main(), VirtualLoop(Clock(max_turns=1000)))


@pytest.mark.parametrize("debug", [False, True])
def test_by_hand_waiting_for_what_only_time_could_bring_is_an_error_that_says_so(debug: bool) -> None:
    async def main() -> None:
        await asyncio.sleep(2.5)

    with pytest.raises(DeadlockError) as caught:
        run(main(), VirtualLoop(jump=False), debug)
    first, second = str(caught.value).split("\n")
    assert first == "nothing can run before 2.5 s, and only advance() moves this clock:"
    assert second.startswith("  Task-")
    assert f"main), test_by_hand.py, line {main.__code__.co_firstlineno + 1}" in second


def test_by_hand_a_blocking_sleep_is_that_error_too() -> None:
    async def alone() -> None:
        time.sleep(1)  # noqa: ASYNC251

    async def in_a_thread() -> None:
        await asyncio.to_thread(time.sleep, 1)

    for program in (alone, in_a_thread):
        with pytest.raises(DeadlockError, match="^nothing can run before 1 s, and only advance"):
            run(program(), VirtualLoop(jump=False))


def test_by_hand_what_time_cannot_bring_is_a_deadlock_as_ever() -> None:
    async def main() -> None:
        await here().advance(1)
        await asyncio.Event().wait()

    with pytest.raises(DeadlockError, match="^nothing can ever run again:"):
        run(main(), VirtualLoop(jump=False))


def test_by_hand_a_timeout_fires_when_its_time_is_reached() -> None:
    async def main() -> None:
        task = asyncio.create_task(asyncio.wait_for(asyncio.Event().wait(), 10))
        await here().advance(9.999999999)
        assert not task.done()
        await here().advance(1e-9)
        assert isinstance(task.exception(), TimeoutError)

    run(main(), VirtualLoop(jump=False))


def test_by_hand_an_advance_that_is_cancelled_moves_nothing_further() -> None:
    async def main() -> None:
        heard: list[float] = []
        ticks = asyncio.create_task(ticking(heard))
        advance = asyncio.create_task(here().advance(100))
        here().call_later(2.5, advance.cancel)
        with pytest.raises(asyncio.CancelledError):
            await advance
        assert heard == [1, 2]
        await here().settle()
        assert (heard, now()) == ([1, 2], 2.5)
        ticks.cancel()

    run(main(), VirtualLoop(jump=False))


def test_time_goes_forward_only() -> None:
    async def main() -> None:
        for seconds in (-1, float("nan")):
            with pytest.raises(ValueError, match=r"^seconds is (-1|nan): time goes forward only$"):
                await here().advance(seconds)
        for seconds in (float("inf"), 1e300):
            with pytest.raises(ValueError, match=r"^seconds is (inf|1e\+300): time does not go so far$"):
                await here().advance(seconds)
        assert now() == 0

    run(main())
