"""A signal's handler that raises while a lock is taken or released, as Ctrl-C does: it is not left taken by nobody."""

import _thread
import contextlib
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import chain, count, islice, repeat
from operator import call
from types import FrameType
from typing import Any

import pytest

from grader.clock.clock import Clock
from grader.clock.library import replaced
from grader.clock.surroundings import see_to_it
from grader.clock.threads import in_line, locks, real_locks
from grader.clock.threads.locks import Exit

OURS = {module.__file__ for module in (in_line, locks, real_locks)}


@pytest.fixture(autouse=True)
def ctrl_c() -> Iterator[None]:
    """As it was: an interrupt at the end of a `with` may come before a handler is set back there."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


class Signal:
    """Traces with functions of C alone, so that the signal that is sent at the nth step is heard by what is traced, and there
    where Python looks for it; `where` is the code in which it was."""

    def __init__(self, n: int, codes: tuple[Any, ...]) -> None:
        self.heard: list[str] = []
        rest = repeat([].clear)  # does nothing, and says nothing
        interrupt = getattr(
            _thread.interrupt_main, "__wrapped__", _thread.interrupt_main
        )  # of C, whatever stands there
        acts = chain(islice(rest, n), [interrupt], rest)
        self._steps = Exit()
        self._steps.close = map(call, acts).__next__  # type: ignore[method-assign]
        self._step: Any = self._steps.__exit__
        self._codes = codes

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGINT, self._hear)
        sys.settrace(self._begin)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        signal.signal(signal.SIGINT, self._before)

    def _begin(self, frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename not in OURS and frame.f_code not in self._codes:
            return None
        frame.f_trace = self._step  # first: 3.13 looks whether there is one
        frame.f_trace_opcodes = True
        return self._step

    def _hear(self, number: int, frame: FrameType | None) -> None:
        assert frame is not None
        self.heard.append(frame.f_code.co_name)
        raise KeyboardInterrupt


def touch(lock: Any) -> None:
    with lock:
        pass


def use(lock: Any) -> None:
    with lock:
        len(())  # where Python looks for signals


def keep(lock: Any) -> None:
    with lock:
        time.sleep(1)


def is_free(lock: Any) -> bool:
    return lock.acquire(False) and lock.release() is None


def at_each_step(play: Callable[[Signal], None], *codes: Any) -> set[str]:
    """`play` again and again, with a signal one step later each time, until it is over before; the functions that heard one.

    Steps are those of the clock's locks, and of `codes`.
    """
    heard: set[str] = set()
    for n in count(1):
        interrupt = Signal(n, codes)
        with contextlib.suppress(KeyboardInterrupt):
            play(interrupt)
        if not interrupt.heard:
            assert n > 10
            return heard
        heard |= {*interrupt.heard}
    raise AssertionError


MAKES: dict[str, Callable[[], Any]] = {
    "Lock": lambda: threading.Lock(),
    "RLock": lambda: threading.RLock(),
    "Condition": lambda: threading.Condition(),
    "Condition of a Lock": lambda: threading.Condition(threading.Lock()),
}


@pytest.fixture(params=["before", "on the clock"])
def made(request: pytest.FixtureRequest) -> Callable[[Callable[[], Any]], Any]:
    """Makes the lock anew, or before there is a clock."""

    def make(make: Callable[[], Any]) -> Any:
        if request.param == "on the clock":
            with Clock().seated():
                return make()
        return make()

    return make


Made = Callable[[Callable[[], Any]], Any]


@pytest.mark.parametrize("name", ["Lock", "RLock"])
def test_an_interrupt_at_any_step_of_a_with_leaves_a_lock_free(name: str, made: Made) -> None:
    def play(interrupt: Signal) -> None:
        try:
            with interrupt:
                touch(lock)
        finally:
            assert is_free(lock), interrupt.heard

    with replaced.restored():
        see_to_it()
        lock = made(lambda: getattr(threading, name)())
        with Clock().seated():
            heard = at_each_step(play, touch.__code__)
    assert heard >= {"touch"}
    assert heard & {"acquire", "__enter__"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if "Condition" in name else []) for name in MAKES]
)
@pytest.mark.parametrize("first", [keep, use], ids=["who has it is interrupted", "who waits for it is interrupted"])
def test_after_an_interrupt_at_any_step_who_else_waits_gets_the_lock(
    name: str, first: Callable[[Any], None], made: Made
) -> None:
    """The main thread is interrupted; there are two others, which want the lock."""

    def play(interrupt: Signal) -> None:
        clock, lock, got = Clock(), made(MAKES[name]), list[float]()

        def work() -> None:
            keep(lock)
            got.append(clock.now / 1e9)

        threads = [threading.Thread(target=work) for _ in range(2)]
        try:
            with clock.seated():
                for thread in threads:
                    thread.start()
                if first is use:
                    time.sleep(0.5)  # one has it, and the other waits
                with interrupt:
                    first(lock)
        finally:
            for thread in threads:
                thread.join()
            assert len(got) == 2, interrupt.heard
            # heard as a condition's own `__exit__` of Python begins it leaves it taken, as it does without a clock
            assert is_free(lock) or ("Condition" in name and interrupt.heard == ["__exit__"]), interrupt.heard

    with replaced.restored():
        see_to_it()
        # a condition's own `__enter__` and `__exit__` are of Python, so it may be left taken, as it may without a clock
        at_each_step(play, *(() if "Condition" in name else (use.__code__, keep.__code__)))


def test_an_interrupt_at_any_step_of_a_put_leaves_a_queue_in_order(made: Made) -> None:
    def play(interrupt: Signal) -> None:
        clock, items, got = Clock(), made(queue.Queue), list[str]()
        thread = threading.Thread(target=lambda: got.append(items.get()))
        try:
            with clock.seated():
                thread.start()
                time.sleep(1)
                with interrupt:
                    items.put("item")
        finally:
            with clock.seated():
                items.put("another")
                thread.join()
            assert is_free(items.mutex), interrupt.heard
            assert len(got) == 1

    with replaced.restored():
        see_to_it()
        at_each_step(play)
