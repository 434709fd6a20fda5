"""Turns without end while time stands still: who takes them is named, soon where all is as it was before, and nobody else."""

import asyncio
import contextlib
import contextvars
import functools
import itertools
import random
import re
import signal
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import LivelockError
from grader.clock.reasons import states
from tests.clock.running import Door

Program = Callable[[], Coroutine[Any, Any, Any]]
_ENOUGH = 5000  # turns, in which it is looked twice
_PERHAPS = "; it may go round without end, or need more of them: give its loop a Clock(max_turns=...)"


def ended(program: Program, max_turns: int = _ENOUGH, debug: bool = False) -> str:
    """The text in which it ends; `:3` is three lines below the function's first."""
    made = functools.partial(VirtualLoop, Clock(max_turns=max_turns))
    with pytest.raises(LivelockError) as caught, asyncio.Runner(loop_factory=made, debug=debug) as runner:
        runner.run(program())
    first = program.__code__.co_firstlineno
    said = re.sub(r"Task-\d+", "a task", str(caught.value)).replace("<locals>.", "")
    return re.sub(r"test_rounds.py, line (\d+)", lambda found: f":{int(found[1]) - first}", said)


def seen(turns: int, back: str, *who: str) -> str:
    detail = f"{turns} turns of the event loop while the clock stood still, and all is as it was {back} before:"
    return "\n  ".join([detail, *who])


def at_the_limit(*who: str) -> str:
    return "\n  ".join([f"{_ENOUGH:,} turns of the event loop while the clock stood still{_PERHAPS}:", *who])


async def producer() -> None:
    ready = asyncio.Event()

    async def consumer() -> None:
        while True:
            await ready.wait()
            ready.clear()

    task = asyncio.create_task(consumer())
    while not task.done():
        ready.set()
        await asyncio.sleep(0)


async def ping() -> None:
    there: asyncio.Queue[int] = asyncio.Queue()
    back: asyncio.Queue[int] = asyncio.Queue()

    async def pong() -> None:
        while True:
            await back.put(await there.get())

    task = asyncio.create_task(pong())
    await there.put(1)
    while not task.done():
        await there.put(await back.get())


async def callback() -> None:
    loop = asyncio.get_running_loop()

    def again() -> None:
        loop.call_soon(again)

    again()
    await asyncio.Event().wait()


async def time_out() -> None:
    ready = asyncio.Event()
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ready.wait(), 0)


@dataclass
class Machine:
    state: str = "waits"

    async def run(self) -> None:
        while self.state == "waits":
            self.look()
            await asyncio.sleep(0)

    def look(self) -> None:
        if len(self.state) > 5:
            self.state = "is over"
        self.state = "waits"


async def machine() -> None:
    await Machine().run()


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    ("program", "said"),
    [
        (producer, seen(1001, "1 turn", "a task (producer), :11")),
        (ping, seen(1002, "2 turns", "a task (ping), :11", "a task (ping.pong), :6")),
        (callback, seen(1001, "1 turn", "a callback (callback.again), :3")),
        (time_out, seen(1003, "3 turns", "a task (time_out), :4")),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_who_goes_round_is_named_soon_and_not_whom_it_wakes(program: Program, said: str, debug: bool) -> None:
    assert ended(program, debug=debug) == said


def test_objects_of_a_program_are_looked_into() -> None:
    assert ended(machine).startswith(seen(1001, "1 turn"))


def test_also_at_the_limit_it_is_not_whom_somebody_wakes() -> None:
    async def program() -> None:
        ready, chance = asyncio.Event(), random.Random(1)

        async def consumer() -> None:
            while True:
                await ready.wait()
                ready.clear()

        task = asyncio.create_task(consumer())
        while not task.done() and chance.random() < 1:
            ready.set()
            await asyncio.sleep(0)

    assert ended(program) == at_the_limit("a task (test_also_at_the_limit_it_is_not_whom_somebody_wakes.program), :11")


# ---------------------------------------------------------------- who is not accused

counted = 0
number = contextvars.ContextVar("number", default=0)
_BURST = 1500


class Counter:
    seen = 0

    def __init__(self) -> None:
        self.steps = 0

    def step(self) -> bool:
        self.steps += 1
        return self.steps > _BURST

    @classmethod
    def step_of_all(cls) -> bool:
        cls.seen += 1
        return cls.seen % _BURST == 0


def step() -> bool:
    global counted
    counted += 1
    return counted % _BURST == 0


def step_kept(steps: list[int] = [0]) -> bool:  # noqa: B006 -- it is kept there
    steps[0] += 1
    return steps[0] % _BURST == 0


def step_of_context() -> bool:
    number.set(number.get() + 1)
    return number.get() > _BURST


def by_generator() -> Callable[[], bool]:
    def steps() -> Any:
        yield from [False] * _BURST
        yield True

    each: Callable[[], bool] = steps().__next__
    return each


def by_closure() -> Callable[[], bool]:
    steps = 0

    def one() -> bool:
        nonlocal steps
        steps += 1
        return steps > _BURST

    return one


def by_attribute() -> Callable[[], bool]:
    def one() -> bool:
        one.steps = getattr(one, "steps", 0) + 1  # type: ignore[attr-defined]
        return bool(one.steps > _BURST)  # type: ignore[attr-defined]

    return one


def by_chance() -> Callable[[], bool]:
    chance = random.Random(5)
    return lambda: chance.random() < 1 / _BURST


def by_tasks_that_are_left() -> Callable[[], bool]:
    async def rest() -> None:
        await asyncio.sleep(3600)

    def one() -> bool:
        asyncio.get_running_loop().create_task(rest())
        return len(asyncio.all_tasks()) > _BURST

    return one


@pytest.mark.parametrize(
    "make",
    [
        lambda: Counter().step,
        lambda: Counter.step_of_all,
        lambda: step,
        lambda: step_kept,
        lambda: step_of_context,
        by_generator,
        by_closure,
        by_attribute,
        by_chance,
        by_tasks_that_are_left,
        lambda: functools.partial(next, itertools.chain(itertools.repeat(False, _BURST), [True])),
    ],
    ids=[
        "an attribute",
        "of the class",
        "a global",
        "a default",
        "a context",
        "a generator",
        "a closure",
        "of the function",
        "by chance",
        "tasks that are left",
        "an iterator of C's",
    ],
)
def test_who_counts_wherever_it_keeps_that_comes_to_its_end(make: Callable[[], Callable[[], bool]]) -> None:
    async def program() -> str:
        over = make()
        while not over():
            await asyncio.sleep(0)
        return "over"

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(program()) == "over"


def test_a_hundred_thousand_turns_are_no_livelock() -> None:
    async def program() -> float:
        for _ in range(100_000):
            await asyncio.sleep(0)
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(program()) == 0


async def flag() -> None:
    ready: list[int] = []
    while not ready:
        await asyncio.sleep(0)


def test_the_limit_alone_counts_where_a_signal_may_come() -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        assert ended(flag) == at_the_limit("a task (flag), :3")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended(flag) == seen(1001, "1 turn", "a task (flag), :3")


def test_the_limit_alone_counts_where_another_thread_may_change_something() -> None:
    end = threading.Event()

    def work() -> None:
        end.wait()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert ended(flag) == at_the_limit("a task (flag), :3")
    finally:
        end.set()
        thread.join()


async def counts() -> int:
    for _ in range(_ENOUGH + 10):
        await asyncio.sleep(0)
    return _ENOUGH


def test_of_who_counts_it_is_not_said_that_it_never_ends_and_more_turns_let_it_end() -> None:
    assert ended(counts) == at_the_limit("a task (counts), :2")
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(Clock(max_turns=2 * _ENOUGH))) as runner:
        assert runner.run(counts()) == _ENOUGH


def test_under_a_referee_nobody_is_told_of_clocks() -> None:
    made = functools.partial(VirtualLoop, Clock(Door(), max_turns=_ENOUGH))
    with pytest.raises(LivelockError) as caught, asyncio.Runner(loop_factory=made) as runner:
        runner.run(counts())
    assert caught.value.detail.startswith(f"{_ENOUGH} turns of the event loop while the clock stood still:\n  Task-")


def test_the_limit_alone_counts_where_something_may_come_from_outside() -> None:
    made = functools.partial(OutsideLoop, Clock(max_turns=_ENOUGH))
    with pytest.raises(LivelockError, match=f"^{_ENOUGH:,} turns"), asyncio.Runner(loop_factory=made) as runner:
        runner.run(flag())


@pytest.mark.parametrize(
    "held",
    [10**5000, "x" * 100_000, [0] * 100_000, dict.fromkeys(range(100_000)), [list(range(3000)) for _ in range(20)]],
    ids=["a number", "a text", "a list", "a dict", "lists"],
)
def test_who_holds_much_is_told_at_the_limit(held: Any) -> None:
    async def program() -> None:
        kept, ready = held, list[int]()
        while kept and not ready:
            await asyncio.sleep(0)

    assert ended(program) == at_the_limit("a task (test_who_holds_much_is_told_at_the_limit.program), :3")


def test_nothing_of_the_program_s_is_run_to_look_at_it() -> None:
    class Watchful:
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

    async def program() -> None:
        kept, ready = Watchful(), list[int]()
        while kept is not None and not ready:
            await asyncio.sleep(0)

    assert ended(program).startswith(seen(1001, "1 turn"))


def test_what_is_large_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "_MOST", 3)
    assert ended(flag) == at_the_limit("a task (flag), :3")


def test_time_that_passes_begins_anew() -> None:
    async def program() -> None:
        ready: list[int] = []
        asyncio.get_running_loop().call_later(3, ready.append, 1)
        for _ in range(3):
            for _ in range(999):
                await asyncio.sleep(0)
            await asyncio.sleep(1)
        assert ready

    with asyncio.Runner(loop_factory=functools.partial(VirtualLoop, Clock(max_turns=1000))) as runner:
        runner.run(program())
