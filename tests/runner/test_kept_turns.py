"""Threads on a clock: whoever starts one keeps a turn that the new one could have had."""

import threading
import time
from collections.abc import Callable

import pytest

from grader.clock.clock import Clock
from grader.clock.surroundings import on
from grader.runner.cells.kept_turns import KeptTurns


def _starts() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    ("program", "kept"),
    [(_starts, True), (lambda: time.sleep(1), False), (lambda: threading.Lock().acquire(), False)],
    ids=["a thread", "a wait", "a lock"],
)
def test_a_turn_is_kept_by_who_starts_a_thread_and_told_once(program: Callable[[], object], kept: bool) -> None:
    clock = Clock()
    turns = KeptTurns(clock)
    with on(clock):
        program()
        assert (turns.taken(), turns.taken()) == (kept, False)


def test_a_thread_that_starts_another_keeps_a_turn_too() -> None:
    clock = Clock()
    turns = KeptTurns(clock)
    with on(clock):
        thread = threading.Thread(target=_starts)
        thread.start()
        turns.taken()
        thread.join()
        assert turns.taken()
