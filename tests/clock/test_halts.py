"""A call that holds up a loop is told in asyncio's log, with its line, where nobody else hears of it."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from grader.clock import VirtualLoop, hygiene
from grader.clock.clock import Clock
from tests.clock.running import Door

Program = Callable[[], Coroutine[Any, Any, Any]]
SLEEP = "await asyncio.sleep, or asyncio.to_thread"


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """And it is forgotten."""
    found = [each.getMessage() for each in caplog.records if (each.name, each.levelno) == ("asyncio", logging.WARNING)]
    caplog.clear()
    return found


def run(program: Program, loop: asyncio.AbstractEventLoop | None = None) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop if loop is None else lambda: loop) as runner:
        runner.run(program())


async def sleeps() -> None:
    for _ in range(3):
        time.sleep(1)  # noqa: ASYNC251


AT = f"test_halts.py, line {sleeps.__code__.co_firstlineno + 2}"


def test_a_blocking_sleep_is_named_with_its_line_once(caplog: pytest.LogCaptureFixture) -> None:
    run(sleeps)
    assert told(caplog) == [f"time.sleep(1) held up the loop for 1 s of virtual time: {AT}; {SLEEP}"]


def test_each_line_is_named(caplog: pytest.LogCaptureFixture) -> None:
    async def program() -> None:
        time.sleep(0.5)  # noqa: ASYNC251
        time.sleep(2)  # noqa: ASYNC251

    run(program)
    first = program.__code__.co_firstlineno
    assert told(caplog) == [
        f"time.sleep({seconds}) held up the loop for {seconds} s of virtual time: test_halts.py, line {first + line}; {SLEEP}"
        for line, seconds in ((1, "0.5"), (2, "2"))
    ]


def test_it_is_named_again_in_the_next_run_of_a_loop(caplog: pytest.LogCaptureFixture) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        for _ in range(2):
            runner.run(sleeps())
            assert len(told(caplog)) == 1


def test_other_waits_are_named_as_the_line_calls_them(caplog: pytest.LogCaptureFixture) -> None:
    async def program() -> None:
        threading.Event().wait(3)

    run(program)
    (said,) = told(caplog)
    assert said == (
        "Event.wait held up the loop for 3 s of virtual time: "
        f"test_halts.py, line {program.__code__.co_firstlineno + 1}; use its awaitable form, or asyncio.to_thread"
    )


def test_a_callback_without_a_line_is_told_without_one(caplog: pytest.LogCaptureFixture) -> None:
    async def program() -> None:
        asyncio.get_running_loop().call_soon(time.sleep, 2)
        await asyncio.sleep(0)

    run(program)
    assert told(caplog) == [f"time.sleep(2) held up the loop for 2 s of virtual time; {SLEEP}"]


def test_what_holds_up_no_loop_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    async def program() -> None:
        time.sleep(0)  # noqa: ASYNC251
        await asyncio.to_thread(time.sleep, 1)
        with threading.Lock():
            await asyncio.sleep(1)

    run(program)
    assert told(caplog) == []


def _join_at_once() -> None:
    thread = threading.Thread(target=time.sleep, args=(1,))
    thread.start()
    thread.join(1e-10)


@pytest.mark.parametrize(
    "looks",
    [
        lambda: threading.Event().wait(1e-9),
        lambda: threading.Semaphore(0).acquire(timeout=1e-10),
        _join_at_once,
    ],
)
def test_a_nanosecond_is_nothing_that_was_held_up(
    looks: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    async def program() -> None:
        looks()

    with hygiene() as found:
        run(program)
    assert found == []
    run(program)
    assert told(caplog) == []


def test_two_nanoseconds_are(caplog: pytest.LogCaptureFixture) -> None:
    async def program() -> None:
        threading.Event().wait(2e-9)

    run(program)
    (said,) = told(caplog)
    assert said.startswith("Event.wait held up the loop for 2e-09 s of virtual time")


def test_hygiene_hears_of_it_alone(caplog: pytest.LogCaptureFixture) -> None:
    with hygiene(strict=False) as found:
        run(sleeps)
    assert [each.kind for each in found] == ["blocked"] * 3
    assert told(caplog) == []


def test_within_a_run_hygiene_hears_of_it_and_afterwards_the_log_does(caplog: pytest.LogCaptureFixture) -> None:
    async def program() -> None:
        with hygiene(strict=False):
            await sleeps()
        assert told(caplog) == []
        await sleeps()

    run(program)
    assert len(told(caplog)) == 1


def test_under_a_referee_nothing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    run(sleeps, VirtualLoop(Clock(Door())))
    assert told(caplog) == []
