"""Who sleeps is their own timer; nobody else can tell, and all else has a handle."""

import asyncio
import math
from asyncio import events, futures
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.over import DeadlockError

SET: Any = futures._set_result_unless_cancelled  # type: ignore[attr-defined]


def run(program: Any, loop: VirtualLoop | None = None) -> Any:
    with asyncio.Runner(loop_factory=lambda: loop or VirtualLoop()) as runner:
        return runner.run(program)


def test_a_timer_of_a_program_s_own_future_is_a_handle_whose_end_leaves_the_future_alone() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for future in (loop.create_future(), asyncio.Future[None]()):
            timer = loop.call_later(1, SET, future, None)
            assert isinstance(timer, events.TimerHandle)
            timer.cancel()
            assert not future.done()
            loop.call_later(1, SET, future, None)
            await future

    run(main())


@pytest.mark.parametrize("debug", [False, True])
def test_a_sleep_gives_back_what_it_was_given(debug: bool) -> None:
    async def main() -> tuple[str, None, str]:
        return await asyncio.gather(asyncio.sleep(1, "one"), asyncio.sleep(1), asyncio.sleep(2, "two"))

    loop = VirtualLoop()
    loop.set_debug(debug)
    assert run(main(), loop) == ["one", None, "two"]


def test_memory_stays_flat_when_sleepers_are_cancelled_at_one_time_or_at_many() -> None:
    async def main(loop: VirtualLoop) -> int:
        most = 0
        for number in range(2000):
            sleeper = asyncio.ensure_future(asyncio.sleep(3600 + number % 2 * number))
            await asyncio.sleep(0)
            sleeper.cancel()
            await asyncio.wait([sleeper])
            most = max(most, len(loop.timers))
        return most

    loop = VirtualLoop()
    assert run(main(loop), loop) < 300


def test_cancelled_sleepers_do_not_move_the_clock() -> None:
    async def main(loop: VirtualLoop) -> None:
        sleepers = [asyncio.ensure_future(asyncio.sleep(seconds)) for seconds in (1, 1, 2)]
        await asyncio.sleep(0)
        for sleeper in sleepers:
            sleeper.cancel()
        await asyncio.wait(sleepers)
        await loop.create_future()

    loop = VirtualLoop()
    with pytest.raises(DeadlockError):
        run(main(loop), loop)
    assert loop.time() == 0


def test_a_sleep_without_end_is_a_wait_for_nothing() -> None:
    loop = VirtualLoop()
    with pytest.raises(DeadlockError):
        run(asyncio.sleep(math.inf), loop)
    assert loop.time() == 0


@pytest.mark.parametrize("name", ["on_turn", "on_callback"])
def test_who_begins_to_watch_a_loop_that_runs_is_heard_at_the_next_turn(name: str) -> None:
    async def main(loop: VirtualLoop) -> tuple[int, int]:
        heard = []
        setattr(loop, name, lambda *_: heard.append(1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        first = len(heard)
        setattr(loop, name, None)
        await asyncio.sleep(0)
        await asyncio.sleep(1)
        return first, len(heard)

    loop = VirtualLoop()
    assert run(main(loop), loop) == (2, 2)


def test_debug_mode_that_is_set_in_a_run_begins_at_the_next_turn() -> None:
    async def main(loop: VirtualLoop) -> list[float]:
        seen = [loop.time()]
        for debug in (True, False, True):
            loop.set_debug(debug)
            assert loop.get_debug() is debug
            await asyncio.gather(asyncio.sleep(1), asyncio.sleep(1))
            seen.append(loop.time())
        return seen

    loop = VirtualLoop()
    assert run(main(loop), loop) == [0, 1, 2, 3]


def test_who_sleeps_when_the_loop_is_closed_can_be_closed_too() -> None:
    seen: list[str] = []

    async def sleeper() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            seen.append("closed")

    loop = VirtualLoop()
    tasks = [loop.create_task(sleeper()) for _ in range(3)]
    loop.run_until_complete(asyncio.sleep(1))
    loop.close()
    for task in tasks:
        task.get_coro().close()
        task._log_destroy_pending = False  # type: ignore[attr-defined]
    assert seen == ["closed"] * 3
