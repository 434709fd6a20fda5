"""Threads on a clock whose test says what they compute: who keeps a turn for long while another could go on is known."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from grader.clock.clock import Clock
from grader.clock.surroundings import on
from grader.runner.cells.kept_turns import LONGEST, KeptTurns
from grader.ticks import to_ticks

LATE, SOON = LONGEST + to_ticks(0.001), LONGEST - to_ticks(0.001)
Compute = Callable[[int], None]
Program = Callable[[Compute], object]


def kept(program: Program) -> bool:
    clock = Clock()
    turns = KeptTurns(clock, lambda: clock.now)
    played(clock, program)
    return turns.taken()


def played(clock: Clock, program: Program) -> None:
    def compute(ticks: int) -> None:
        clock.now += ticks

    with on(clock):
        program(compute)


def beside(sleeps: Callable[[], object], computes: Callable[[], object]) -> None:
    """Two threads: the one waits, then the other computes."""
    threads = [threading.Thread(target=sleeps), threading.Thread(target=computes)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def past_a_sleep(compute: Compute, ticks: int) -> None:
    beside(lambda: time.sleep(0.001), lambda: compute(to_ticks(0.001) + ticks))


def before_news(compute: Compute, timeout: float | None) -> None:
    queue = SimpleQueue[int]()

    def gives() -> None:
        compute(2 * LATE)
        queue.put(1)

    beside(lambda: queue.get(timeout=timeout), gives)


def behind_news(compute: Compute, ticks: int) -> None:
    queue = SimpleQueue[int]()

    def gives() -> None:
        queue.put(1)
        compute(ticks)

    beside(queue.get, gives)


def in_line(compute: Compute, threads: int, ticks: int) -> None:
    """They go on together, and each computes."""
    event, waiting = threading.Event(), threading.Semaphore(0)

    def waits() -> None:
        waiting.release()
        event.wait()
        compute(ticks)

    many = [threading.Thread(target=waits) for _ in range(threads)]
    for one in many:
        one.start()
    for _ in many:
        waiting.acquire()
    event.set()
    for one in many:
        one.join()


def started(compute: Compute) -> None:
    """Whoever has started it computes, and then has it run."""
    thread = threading.Thread(target=int)
    thread.start()
    compute(LATE)
    thread.join()


def alone(compute: Compute) -> None:
    beside(lambda: None, lambda: None)
    compute(LATE)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (alone, False),
        (started, True),
        (lambda compute: past_a_sleep(compute, LATE), True),
        (lambda compute: past_a_sleep(compute, SOON), False),
        (lambda compute: before_news(compute, None), False),
        (lambda compute: before_news(compute, 0.001), True),
        (lambda compute: before_news(compute, 1), False),
        (lambda compute: behind_news(compute, LATE), True),
        (lambda compute: behind_news(compute, SOON), False),
        (lambda compute: in_line(compute, 2, LATE), True),
        (lambda compute: in_line(compute, 2, SOON), False),
        (lambda compute: in_line(compute, 1, LATE), False),
    ],
    ids=[
        "alone",
        "started",
        "past a sleep",
        "not for long",
        "before news",
        "past a time-out",
        "before one",
        "behind news",
        "behind news not for long",
        "two in line",
        "two not for long",
        "one in line",
    ],
)
def test_a_turn_is_kept_by_who_computes_for_long_while_another_could_go_on(program: Program, expected: bool) -> None:
    assert kept(program) is expected


def test_the_turn_that_lasts_counts_and_is_told_once() -> None:
    def program(compute: Compute) -> None:
        thread = threading.Thread(target=int)
        thread.start()
        compute(LATE)
        seen.append(turns.taken())
        compute(SOON)
        seen.append(turns.taken())
        thread.join()

    clock, seen = Clock(), list[bool]()
    turns = KeptTurns(clock, lambda: clock.now)
    played(clock, program)
    assert seen == [True, False]


def test_who_waits_from_now_on_is_not_late_by_what_it_has_computed() -> None:
    clock, uncounted, queue = Clock(), [0], SimpleQueue[int]()
    turns = KeptTurns(clock, lambda: clock.now + uncounted[0])

    def computes() -> None:
        uncounted[0] += LATE
        threading.Event().wait(0.001)
        queue.put(1)

    with on(clock):
        beside(queue.get, computes)
        assert not turns.taken()
