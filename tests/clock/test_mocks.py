"""What a program puts in the place of the library's own, a mock say, is left to it, whenever it did so."""
# ruff: noqa: ASYNC251

import asyncio
import functools
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from grader.clock import VirtualLoop, surroundings
from grader.clock.clock import Clock
from grader.clock.library import replaced
from tests.clock.running import now, run


@pytest.fixture(autouse=True)
def nothing_stands(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No loop has run before, in a process that has loaded no program but this: all that the other tests have loaded would be
    looked through for each test, a fifth of a second."""
    monkeypatch.setattr("grader.clock.library.taken.sys", SimpleNamespace(modules={__name__: sys.modules[__name__]}))
    with replaced.restored():
        replaced.take_down()
        yield
        replaced.take_down()


class Kept:
    def __init__(self) -> None:
        self.seen = list[float]()

    def keep(self, *seconds: float) -> float:
        self.seen.extend(seconds)
        return 42.0

    __call__ = keep


def keep_nothing(*seconds: float) -> float:
    return 42.0


MOCKS: dict[str, Callable[[], Any]] = {
    "a mock": lambda: mock.MagicMock(return_value=42.0),
    "a function": lambda: keep_nothing,
    "a lambda": lambda: lambda *seconds: 42.0,
    "a method": lambda: Kept().keep,
    "an object": Kept,
    "a partial": lambda: functools.partial(keep_nothing, 1),
    "a method in C": lambda: [42.0, 42.0].pop,
}
NAMES = ("sleep", "time", "monotonic", "perf_counter", "ctime")


def use(name: str) -> Any:
    return getattr(time, name)(*([0] if name == "sleep" else []))


async def main_with(name: str) -> tuple[Any, float]:
    await asyncio.sleep(5)
    return use(name), now()


@pytest.mark.parametrize("make", MOCKS.values(), ids=MOCKS)
@pytest.mark.parametrize("name", ["sleep", "ctime"])
def test_it_is_left_when_the_first_loop_runs(monkeypatch: pytest.MonkeyPatch, name: str, make: Any) -> None:
    monkeypatch.setattr(time, name, make())
    assert run(main_with(name)) == (42, 5)
    assert run(main_with(name)) == (42, 5)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_left_where_it_was_put_between_two_loops(name: str) -> None:
    run(asyncio.sleep(1))
    with mock.patch.object(time, name, return_value=42):
        assert run(main_with(name)) == (42, 5)
        assert run(main_with(name)) == (42, 5)
    assert run(main_with(name))[0] != 42


@pytest.mark.parametrize("name", NAMES)
def test_it_is_left_while_a_loop_runs_and_another_begins(name: str) -> None:
    async def main() -> Any:
        with mock.patch.object(time, name, return_value=42):
            return await asyncio.to_thread(asyncio.run, main_with(name))

    assert run(main()) == (42, 5)


@pytest.mark.parametrize("name", NAMES)
def test_when_it_is_taken_back_the_function_agrees_with_the_clock_again(name: str) -> None:
    with mock.patch.object(time, name, return_value=42):
        run(asyncio.sleep(1))

    async def main() -> Any:
        time.sleep(3600)
        return now() if name == "sleep" else use(name)

    expected = {"time": 1_893_459_600.0, "ctime": time.ctime(1_893_459_600.0)}
    assert run(main()) == expected.get(name, 3600)


def test_all_others_agree_with_the_clock_meanwhile() -> None:
    async def main() -> tuple[float, float]:
        time.sleep(3600)
        await asyncio.sleep(60)
        return time.monotonic(), time.time() - 1_893_456_000

    with mock.patch("time.sleep") as sleep:
        assert run(main()) == (60, 60)
    sleep.assert_called_once_with(3600)


def test_a_mock_that_calls_what_was_there_has_the_clock_s_if_that_was_there() -> None:
    surroundings.see_to_it()

    async def main() -> float:
        time.sleep(3600)
        return now()

    with mock.patch("time.sleep", wraps=time.sleep) as sleep:
        assert run(main()) == 3600
    sleep.assert_called_once_with(3600)


def test_a_mock_of_a_thread_is_left_too_and_taken_back() -> None:
    async def main() -> float:
        thread = threading.Thread(target=time.sleep, args=(5,))
        thread.start()
        if thread.ident:
            thread.join()
        return now()

    with mock.patch("threading.Thread.start") as start:
        assert run(main()) == 0
    start.assert_called_once_with()
    assert run(main()) == 5


def test_what_a_package_has_put_there_is_not() -> None:
    package = ModuleType("frozen")
    exec(compile("def sleep(seconds): raise AssertionError", "/lib/site-packages/frozen/api.py", "exec"), vars(package))

    async def main() -> float:
        time.sleep(3600)
        return now()

    with mock.patch.object(time, "sleep", package.sleep):
        assert run(main()) == 3600
        replaced.take_down()


class Leased:
    def block(self, at: int, to: int) -> int:
        return to

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int, int | None, list[Any]]:
        return at, None, []


def test_where_an_exercise_is_played_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", keep_nothing)
    with surroundings.on(Clock(Leased())):
        assert time.time() == 1_893_456_000
    assert time.time() == 42


def test_the_mock_is_there_when_all_else_is_taken_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", keep_nothing)
    fork = os.fork
    run(asyncio.sleep(1))
    assert os.fork is not fork
    replaced.take_down()
    assert os.fork is fork
    assert time.sleep(0) == 42  # type: ignore[func-returns-value]


def test_two_loops_and_no_mock_are_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run(asyncio.sleep(1))
    with mock.patch.object(replaced, "put_up") as put_up:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(asyncio.sleep(1))
        put_up.assert_not_called()
