"""A signal's handler that raises while a lock is taken, as Ctrl-C does: it is not left taken by nobody."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from itertools import repeat, starmap
from operator import call
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.seats import consume

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that sends a signal")
ROUNDS = 200


class Interrupted(BaseException):
    pass


@pytest.fixture
def interrupts() -> Iterator[None]:
    def interrupt(*_: Any) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def given_back(lock: Any) -> list[tuple[Any, ...]]:
    """By functions of C, one after the other, between which no signal is heard."""
    if not hasattr(lock, "_block"):
        return [(lock._lock.release,)]
    return [(setattr, lock, "_owner", None), (setattr, lock, "_count", 0), (lock._block._lock.release,)]


@pytest.mark.usefixtures("interrupts")
@pytest.mark.parametrize("name", ["Lock", "RLock"])
def test_a_lock_that_is_being_taken_is_free(name: str) -> None:
    left = 0

    async def main() -> None:
        nonlocal left
        lock = getattr(threading, name)()
        calls = [(lock.__enter__,), *given_back(lock)]
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.0005)
            for each in repeat(calls):
                consume(starmap(call, each))
        except Interrupted:
            real: Any = getattr(lock, "_block", lock)
            left += real.locked()

    for _ in range(ROUNDS):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(main())
    assert left == 0
