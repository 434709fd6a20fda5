"""A program that is not over when its time is says who waits for what, and who goes on beside them."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import pytest

from grader.clock import Outside, OutsideLoop, VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, LimitError, TimeLimitError

Program = Callable[[], Coroutine[Any, Any, Any]]
HOUR = partial(VirtualLoop, time_limit=3600)


async def heartbeat() -> None:
    while True:
        await asyncio.sleep(60)


def explained(program: Program, make: Callable[[], asyncio.AbstractEventLoop] = HOUR) -> list[str]:
    """What stands below the first line, without the numbers of tasks, with lines counted from that of the function."""
    with pytest.raises(TimeLimitError) as caught, asyncio.Runner(loop_factory=make) as runner:
        runner.run(program())
    first, *said = str(caught.value).split("\n  ")
    assert first == "the program is not over after the time_limit of its clock, 3600 s:"
    return [counted(line, program) for line in said]


def counted(line: str, program: Program) -> str:
    name = program.__name__
    before, _, rest = line.replace("test_time_limit.py, line ", ":").replace(f"{name}.<locals>.", "").partition(", :")
    number, _, after = rest.partition(":")
    of = heartbeat if "heartbeat" in before else program
    who = before[before.index("(") :]
    prefix = "goes on as time passes: " if before.startswith("goes on") else ""
    return f"{prefix}{who} {int(number) - of.__code__.co_firstlineno}:{after}".rstrip(":")


BEAT = "goes on as time passes: (heartbeat) 2: waits for the end of a sleep of 60 s"


async def empty_queue() -> None:
    jobs: asyncio.Queue[int] = asyncio.Queue()
    beat = asyncio.create_task(heartbeat())
    await jobs.get()
    beat.cancel()


async def held_lock() -> None:
    lock, event = asyncio.Lock(), asyncio.Event()

    async def holds() -> None:
        async with lock:
            await event.wait()

    await asyncio.gather(heartbeat(), holds(), lock.acquire())


async def polls() -> None:
    jobs: asyncio.Queue[int] = asyncio.Queue()
    while True:
        try:
            async with asyncio.timeout(500):
                await jobs.get()
        except TimeoutError:
            pass


async def calls_itself() -> None:
    loop, event = asyncio.get_running_loop(), asyncio.Event()

    def again() -> None:
        loop.call_later(30, again)

    again()
    await event.wait()


async def blocks() -> None:
    while True:
        time.sleep(10)  # noqa: ASYNC251


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            empty_queue,
            [
                "(empty_queue) 3: waits for an item from Queue 'jobs': it is empty, and nothing else that runs can put one",
                BEAT,
            ],
        ),
        (polls, ["goes on as time passes: (polls) 5: waits for an item from Queue 'jobs', with a time-out"]),
        (
            calls_itself,
            [
                "(calls_itself) 7: waits for Event 'event': nothing else that runs can set it",
                "goes on as time passes: (again) 3",
            ],
        ),
        (blocks, ["goes on as time passes: (blocks) 2"]),
        (heartbeat, [BEAT]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.parametrize("debug", [False, True])
def test_who_waits_and_who_goes_on_is_named(program: Program, said: list[str], debug: bool) -> None:
    def make() -> VirtualLoop:
        loop = HOUR()
        loop.set_debug(debug)
        loop.slow_callback_duration = 1e9
        return loop

    assert explained(program, make) == said


def test_who_holds_a_lock_is_named_beside_who_goes_on() -> None:
    with pytest.raises(TimeLimitError) as caught, asyncio.Runner(loop_factory=HOUR) as runner:
        runner.run(held_lock())
    said = str(caught.value)
    assert "(held_lock.<locals>.holds)" in said
    assert "waits for Event 'event': nothing else that runs can set it" in said
    assert "waits for Lock 'lock': it is held by" in said
    assert counted(said.rpartition("\n  ")[2], heartbeat) == BEAT


def test_a_thread_that_sleeps_goes_on_and_one_that_waits_does_not() -> None:
    async def program() -> None:
        jobs: queue.Queue[int] = queue.Queue()
        threading.Thread(target=sleeps, name="sleeper", daemon=True).start()
        await asyncio.to_thread(jobs.get)

    def sleeps() -> None:
        while True:
            time.sleep(10)

    with pytest.raises(TimeLimitError) as caught, asyncio.Runner(loop_factory=HOUR) as runner:
        runner.run(program())
    said = str(caught.value).split("\n  ")
    assert "waits for an item from Queue 'jobs': it is empty, and nothing else that runs can put one" in said[2]
    assert said[3].startswith("goes on as time passes: sleeper (")


@pytest.mark.parametrize("make", [VirtualLoop, OutsideLoop])
def test_what_is_over_in_time_is_not_disturbed(make: Any) -> None:
    with asyncio.Runner(loop_factory=partial(make, time_limit=2, start=5)) as runner:
        assert runner.run(asyncio.sleep(1, "slept")) == "slept"
        assert runner.run(asyncio.sleep(1, "slept")) == "slept"
        assert runner.get_loop().time() == 7
        with pytest.raises(TimeLimitError, match="time_limit of its clock, 2 s"):
            runner.run(asyncio.sleep(1e-9))


def test_a_deadlock_is_still_told_as_one() -> None:
    with asyncio.Runner(loop_factory=HOUR) as runner, pytest.raises(DeadlockError):
        runner.run(asyncio.Event().wait())


def test_what_is_cleaned_up_after_the_end_has_as_much_time_again() -> None:
    seen: list[float] = []

    async def program() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(5)
            seen.append(asyncio.get_running_loop().time())

    async def main() -> None:
        await asyncio.gather(program(), heartbeat())

    with pytest.raises(TimeLimitError), asyncio.Runner(loop_factory=HOUR) as runner:
        runner.run(main())
    assert seen == [3605]


def test_the_shorter_of_two_limits_of_a_clock_holds() -> None:
    clock = Clock()
    loop, other = VirtualLoop(clock, time_limit=10), VirtualLoop(clock, time_limit=20)
    other.close()
    with pytest.raises(TimeLimitError, match=", 10 s"):
        loop.run_until_complete(asyncio.sleep(15))
    loop.close()


def test_an_outside_is_waited_for_before_the_end() -> None:
    make = partial(OutsideLoop, time_limit=3600, outside=Outside(grace=0, patience=0))
    assert explained(empty_queue, make)[-1] == BEAT


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"time_limit": -1}, ValueError, "time_limit is -1: give seconds, 0 or more"),
        ({"time_limit": float("nan")}, ValueError, "time_limit is nan: give seconds, 0 or more"),
        ({"time_limit": "5"}, TypeError, "time_limit is '5': give a number of seconds"),
        (
            {"time_limit": 5, "jump": False},
            ValueError,
            "only advance.. moves a clock with jump=False: it needs no time_limit",
        ),
    ],
)
def test_a_limit_that_is_none_is_refused(options: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        VirtualLoop(**options)


def test_no_limit_is_far_away() -> None:
    loop = VirtualLoop(time_limit=float("inf"))
    assert loop.run_until_complete(asyncio.sleep(1e9, "slept")) == "slept"
    loop.close()


def test_a_time_limit_is_one_of_the_limits() -> None:
    assert issubclass(TimeLimitError, LimitError)
