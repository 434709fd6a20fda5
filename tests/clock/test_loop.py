import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, LivelockError, RefusedError


def run(coroutine: Coroutine[Any, Any, Any], loop: VirtualLoop | None = None) -> Any:
    with asyncio.Runner(loop_factory=lambda: loop or VirtualLoop()) as runner:
        return runner.run(coroutine)


def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_sleep_of_a_virtual_day_ends_at_its_time() -> None:
    async def main() -> float:
        await asyncio.sleep(86_400)
        return now()

    assert run(main()) == 86_400


def test_ten_sleeps_of_a_tenth_are_one_second_exactly() -> None:
    async def main() -> float:
        for _ in range(10):
            await asyncio.sleep(0.1)
        return now()

    assert run(main()) == 1.0


def test_equal_deadlines_fire_in_the_order_in_which_they_were_set() -> None:
    async def main() -> list[int]:
        order: list[int] = []
        loop = asyncio.get_running_loop()
        for number in range(50):
            loop.call_later(1, order.append, number)
        await asyncio.sleep(1)
        return order

    assert run(main()) == list(range(50))


def test_a_cancelled_timer_never_moves_the_clock() -> None:
    async def main() -> float:
        asyncio.get_running_loop().call_later(100, print).cancel()
        await asyncio.sleep(1)
        return now()

    assert run(main()) == 1


def test_memory_stays_flat_when_timers_are_set_and_cancelled() -> None:
    async def main(loop: VirtualLoop) -> int:
        for _ in range(10_000):
            loop.call_later(100, print).cancel()
        return len(loop.timers)

    loop = VirtualLoop()
    assert run(main(loop), loop) < 300


def test_a_timeout_fires_before_a_longer_sleep() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(10), 3)
        return now()

    assert run(main()) == 3


def test_nothing_left_to_wait_for_is_a_deadlock() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(DeadlockError, match="^nothing can ever run again:"):
        run(main())


def test_turns_without_end_at_one_time_are_a_livelock() -> None:
    async def main() -> None:
        while True:
            await asyncio.sleep(0)

    with pytest.raises(
        LivelockError, match="^100 turns of the event loop while the clock stood still; it may go round without end"
    ):
        run(main(), VirtualLoop(Clock(max_turns=100)))


@pytest.mark.parametrize("debug", [False, True])
def test_timers_without_end_at_one_time_are_a_livelock_too(debug: bool) -> None:
    async def asks() -> None:
        task = asyncio.create_task(asyncio.sleep(1))
        while not task.done():
            await asyncio.wait([task], timeout=0)

    async def timers() -> None:
        loop = asyncio.get_running_loop()

        def again() -> None:
            loop.call_later(0, again)

        again()
        await asyncio.sleep(1)

    for main in (asks, timers):
        loop = VirtualLoop(Clock(max_turns=100))
        loop.set_debug(debug)
        with pytest.raises(LivelockError, match="^100 turns of the event loop while the clock stood still"):
            run(main(), loop)


def test_a_loop_that_moves_the_clock_is_no_livelock() -> None:
    async def main() -> float:
        for _ in range(1_000):
            await asyncio.sleep(1)
        return now()

    assert run(main(), VirtualLoop(Clock(max_turns=100))) == 1_000


@pytest.mark.parametrize("delay", [None])
def test_a_delay_of_none_is_an_error_as_in_asyncio(delay: Any) -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_later(delay, print)

    with pytest.raises(TypeError, match="delay must not be None"):
        run(main())


class _Referee:
    """Keeps the clock, and lets nothing happen."""

    def block(self, at: int, to: int) -> int | None:
        return None

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, int | None, list[Any]]:
        return timer, None, []


def test_under_a_referee_what_needs_the_network_is_refused_by_name() -> None:
    async def main() -> None:
        await asyncio.open_connection("localhost", 80)

    expected = (
        "asyncio.open_connection needs a network connection, which an exercise on virtual time does not have; "
        "use what the exercise gives you"
    )
    with pytest.raises(RefusedError) as refused:
        run(main(), VirtualLoop(Clock(_Referee())))
    assert str(refused.value) == expected


def test_debug_mode_does_not_change_the_order() -> None:
    async def worker(name: int, log: list[tuple[int, float]]) -> None:
        for step in range(3):
            await asyncio.sleep((name * 7 + step * 3) % 4)
            log.append((name, now()))

    async def main() -> list[tuple[int, float]]:
        log: list[tuple[int, float]] = []
        await asyncio.gather(*(worker(name, log) for name in range(4)))
        return log

    orders = []
    for debug in (False, True):
        with asyncio.Runner(loop_factory=VirtualLoop, debug=debug) as runner:
            orders.append(runner.run(main()))
    assert orders[0] == orders[1]
    assert [time for _, time in orders[0]] == sorted(time for _, time in orders[0])


def test_a_loop_that_is_run_inside_itself_refuses_and_goes_on() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        with pytest.raises(RuntimeError, match="This event loop is already running"):
            loop.run_forever()
        await asyncio.to_thread(time.sleep, 1)  # whose end must still be heard of
        return now()

    assert run(main()) == 1


def test_a_second_loop_inside_a_loop_is_refused_and_both_go_on() -> None:
    async def main() -> float:
        second = VirtualLoop()
        sleep = asyncio.sleep(1)
        with pytest.raises(RuntimeError, match="Cannot run the event loop while another loop is running"):
            second.run_until_complete(sleep)
        sleep.close()
        await asyncio.to_thread(second.run_until_complete, asyncio.sleep(1))
        second.close()
        return now()

    assert run(main()) == 1
