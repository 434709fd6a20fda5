"""Several loops on one clock, each in a thread that the test itself starts."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.clock import VirtualLoop, surroundings
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, RunOver


def in_threads(*works: Callable[[], Any]) -> list[Any]:
    """What these give or raise, each in a thread of its own; one that is on a clock is in its order."""
    found: list[Any] = [None] * len(works)

    def work(number: int) -> None:
        try:
            found[number] = works[number]()
        except RunOver as reason:
            found[number] = reason

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


class Meeting:
    """One waits in its loop for what the other gives from its own, five seconds later."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.first, self.second = VirtualLoop(self.clock), VirtualLoop(self.clock)
        self.given: asyncio.Event

    def wait(self) -> float:
        async def main() -> float:
            self.given = asyncio.Event()
            await self.given.wait()
            return self.first.time()

        return self.first.run_until_complete(main())

    def give(self) -> float:
        async def main() -> float:
            await asyncio.sleep(5)
            self.first.call_soon_threadsafe(self.given.set)
            return time.monotonic()

        return self.second.run_until_complete(main())

    def close(self) -> None:
        self.first.close()
        self.second.close()


def test_threads_that_are_started_on_the_clock_share_it_from_the_beginning() -> None:
    for order in (1, -1):
        meeting = Meeting()
        with surroundings.on(meeting.clock):
            assert in_threads(*[meeting.wait, meeting.give][::order]) == [5, 5]
        meeting.close()


def test_a_deadlock_says_that_the_other_loop_has_not_begun() -> None:
    meeting = Meeting()
    (reason,) = in_threads(meeting.wait)
    assert isinstance(reason, DeadlockError)
    assert str(reason).endswith(
        "  another loop on this clock does not run; start all their threads within grader.clock.surroundings.on(clock) "
        "(docs/clock.md)"
    )
    meeting.second.close()
    (reason,) = in_threads(meeting.wait)
    assert "another loop" not in str(reason)
    meeting.close()


def test_a_loop_in_the_background_gets_its_work_from_the_others_on_its_clock() -> None:
    loop = VirtualLoop()
    with surroundings.on(loop.clock):
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        assert asyncio.run_coroutine_threadsafe(asyncio.sleep(5, "slept"), loop).result() == "slept"
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        assert (time.monotonic(), loop.is_running()) == (5, False)
    loop.close()


def test_in_a_thread_on_no_clock_it_says_what_to_do() -> None:
    loop = VirtualLoop()
    (reason,) = in_threads(loop.run_forever)
    said = "is an OutsideLoop, or runs in a thread that was started on its clock (docs/clock.md)"
    assert str(reason) == f"nothing can ever run again: there is no task; a loop that other threads give work to {said}"
    with pytest.raises(DeadlockError):
        loop.run_forever()
    loop.close()
