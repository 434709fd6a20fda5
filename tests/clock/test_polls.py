"""Threads of a run that wait by `select.poll` and `select.epoll` for each other's bytes, and for time alone."""

import asyncio
import os
import select
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.clock import hygiene
from grader.clock.over import BusyLoopError, DeadlockError
from grader.clock.threads import polls
from tests.clock.running import run

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="only Linux has both")
Pipe = tuple[int, int]
Make = Callable[[int], Callable[[float | None], Any]]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    both = os.pipe()
    yield both
    for each in both:
        os.close(each)


def _by_poll(reading: int) -> Callable[[float | None], Any]:
    made = select.poll()
    made.register(reading, select.POLLIN)
    made.modify(reading, select.POLLIN | select.POLLPRI)
    return lambda seconds: made.poll(None if seconds is None else seconds * 1000)


def _by_epoll(reading: int) -> Callable[[float | None], Any]:
    made = select.epoll()
    made.register(reading, select.EPOLLIN)
    return made.poll


def _at_an_edge(reading: int) -> Callable[[float | None], Any]:
    made = select.epoll()
    made.register(reading, select.EPOLLIN | select.EPOLLET)
    return made.poll


EACH = pytest.mark.parametrize("make", [_by_poll, _by_epoll, _at_an_edge])


@EACH
def test_what_another_thread_writes_is_waited_for_in_virtual_time(make: Make, pipe: Pipe) -> None:
    def wait() -> tuple[Any, float]:
        return make(pipe[0])(None), time.monotonic()

    async def main() -> Any:
        waiting = asyncio.create_task(asyncio.to_thread(wait))
        await asyncio.sleep(3600)
        os.write(pipe[1], b"x")
        return await waiting

    assert run(main()) == ([(pipe[0], select.POLLIN)], 3600)


@EACH
@pytest.mark.parametrize("seconds", [2.5, 3600])
def test_a_time_out_takes_virtual_time(make: Make, pipe: Pipe, seconds: float) -> None:
    def wait() -> tuple[Any, float]:
        return make(pipe[0])(seconds), time.monotonic()

    async def main() -> Any:
        return await asyncio.gather(asyncio.to_thread(wait), asyncio.to_thread(time.sleep, 1))

    assert run(main()) == [([], seconds), None]


@EACH
def test_what_nobody_can_write_is_a_deadlock_with_its_line(make: Make, pipe: Pipe) -> None:
    async def main() -> None:
        await asyncio.to_thread(make(pipe[0]), None)

    with pytest.raises(DeadlockError, match="waits for what e?poll.poll looks at: nothing that runs can write to it"):
        run(main())


@EACH
def test_what_is_there_is_found_at_once(make: Make, pipe: Pipe) -> None:
    async def main() -> Any:
        os.write(pipe[1], b"x")
        return make(pipe[0])(None), make(pipe[0])(0), time.monotonic()

    found = [(pipe[0], select.POLLIN)]
    assert run(main()) == (found, found, 0)


def test_what_is_told_once_is_told_once(pipe: Pipe) -> None:
    def wait() -> list[Any]:
        poll = _at_an_edge(pipe[0])
        return [poll(None), poll(5), poll(0), time.monotonic()]

    async def main() -> Any:
        waiting = asyncio.create_task(asyncio.to_thread(wait))
        await asyncio.sleep(1)
        os.write(pipe[1], b"x")
        return await waiting

    assert run(main()) == [[(pipe[0], select.POLLIN)], [], [], 6]


def test_what_is_not_looked_at_any_more_is_not_waited_for(pipe: Pipe) -> None:
    async def main() -> Any:
        poll = select.poll()
        poll.register(0)
        poll.unregister(0)
        poll.register(pipe[0], select.POLLIN)
        os.write(pipe[1], b"x")
        return await asyncio.to_thread(poll.poll)

    assert run(main()) == [(pipe[0], select.POLLIN)]


def test_whoever_asks_again_and_again_is_named(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.clock.clock.MAX_POLLS", 10)

    async def main() -> None:
        poll = _by_epoll(pipe[0])
        while not poll(0):
            pass

    with pytest.raises(BusyLoopError, match=r"asks epoll.poll without waiting again and again"):
        run(main())


@EACH
def test_a_coroutine_that_waits_so_is_named_once(make: Make, pipe: Pipe) -> None:
    def write() -> None:
        time.sleep(2)
        os.write(pipe[1], b"x")

    async def main() -> None:
        task = asyncio.create_task(asyncio.to_thread(write))
        await asyncio.sleep(1)
        make(pipe[0])(None)
        await task

    with hygiene(strict=False) as found:
        run(main())
    (said,) = map(str, found)
    assert "poll.poll held up the event loop for 1 s" in said


def test_where_it_is_not_known_what_is_looked_at_it_is_waited_for_really(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(number: int) -> list[int]:
        raise FileNotFoundError(number)

    monkeypatch.setattr(polls, "_looked_at", unknown)

    async def main() -> Any:
        return await asyncio.to_thread(_by_epoll(pipe[0]), 0.001), time.monotonic()

    assert run(main()) == ([], 0)


def test_a_thread_on_no_clock_has_the_real_ones(pipe: Pipe) -> None:
    run(asyncio.sleep(0))
    assert not isinstance(select.poll(), polls.poll)
    assert _by_epoll(pipe[0])(0) == []
