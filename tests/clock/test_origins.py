"""What has no line of its own is found, within `hygiene`, at the line that scheduled it or made it."""

import asyncio
import contextlib
import functools
import os
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop, hygiene
from tests.clock.running import here, run


def found(main: Any, make_loop: Any = VirtualLoop, debug: bool = False) -> list[tuple[int, str]]:
    """Of each finding its line, counted from the line of `main`, and what is said."""
    with hygiene(strict=False) as findings, asyncio.Runner(loop_factory=make_loop, debug=debug) as runner:
        runner.get_loop().set_exception_handler(lambda loop, context: None)
        runner.run(main())
    return [(each.line - main.__code__.co_firstlineno, each.detail) for each in findings]


# ---------------------------------------------------------------- callbacks


async def soon() -> None:
    asyncio.get_running_loop().call_soon(time.sleep, 2)
    await asyncio.sleep(5)


async def later() -> None:
    asyncio.get_running_loop().call_later(1, time.sleep, 2)
    await asyncio.sleep(5)


async def at() -> None:
    asyncio.get_running_loop().call_at(1, functools.partial(time.sleep, 2))
    await asyncio.sleep(5)


async def from_a_thread() -> None:
    asyncio.get_running_loop().call_soon_threadsafe(time.sleep, 2)
    await asyncio.sleep(5)


async def by_the_library() -> None:
    asyncio.get_running_loop().call_soon(threading.Event().wait, 2)
    await asyncio.sleep(5)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
@pytest.mark.parametrize("main", [soon, later, at, from_a_thread], ids=lambda main: main.__name__)
def test_a_call_that_the_loop_itself_makes_is_found_where_it_was_scheduled(
    main: Any, make_loop: Any, debug: bool
) -> None:
    assert found(main, make_loop, debug) == [(1, "time.sleep held up the event loop for 2 s")]


def test_so_is_one_of_the_library_s_own_functions() -> None:
    assert found(by_the_library) == [(1, "Event.wait held up the event loop for 2 s")]


def test_so_is_one_that_waits_for_something_real() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_soon(os.system, "true")
        await asyncio.sleep(0)

    detail = "os.system held up the event loop in real time: use its awaitable form, or asyncio.to_thread"
    assert found(main) == found(main, debug=True) == [(1, detail)]


def test_so_is_a_function_of_the_library_that_does() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_soon(subprocess.run, ["true"])
        await asyncio.sleep(0)

    detail = "subprocess.run held up the event loop in real time: use its awaitable form, or asyncio.to_thread"
    assert found(main) == [(1, detail)]


def test_a_callback_of_c_that_fails_is_found_where_it_was_scheduled() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_soon(int, "x")
        await asyncio.sleep(0)

    ((line, detail),) = found(main)
    assert line == 1
    assert detail.startswith("the callback int failed with ValueError(")


def test_a_function_of_the_program_s_has_its_own_line() -> None:
    def rest() -> None:
        time.sleep(2)

    async def main() -> None:
        asyncio.get_running_loop().call_soon(rest)
        await asyncio.sleep(5)

    ((line, _),) = found(main)
    assert line + main.__code__.co_firstlineno == rest.__code__.co_firstlineno + 1


def test_nothing_is_kept_of_callbacks_that_have_run() -> None:
    with hygiene():

        async def main() -> int:
            loop = asyncio.get_running_loop()
            for _ in range(100):
                loop.call_soon(int, 1)
                loop.call_later(5, int, 1).cancel()
                await asyncio.sleep(0)
            await asyncio.sleep(10)
            kept: Any = loop.call_soon.__closure__
            (origins,) = (cell.cell_contents for cell in kept if hasattr(cell.cell_contents, "_scheduled"))
            return len(origins._scheduled)

        assert run(main()) == 0


# ---------------------------------------------------------------- futures


async def dropped() -> None:
    future = asyncio.get_running_loop().create_future()
    future.set_exception(ValueError("no"))


def fail(future: "asyncio.Future[Any]") -> None:
    future.set_exception(ValueError("no"))


async def dropped_by_the_loop() -> None:
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_exception, ValueError("no"))
    await asyncio.sleep(1)


async def made_by_its_class() -> None:
    future: asyncio.Future[Any] = asyncio.Future()
    future.set_exception(ValueError("no"))


DETAIL = "a future failed with ValueError('no'), and nobody looked at it: await it"


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(("main", "line"), [(dropped, 2), (dropped_by_the_loop, 1)])
def test_a_dropped_future_is_found_where_it_failed_or_else_where_it_was_made(main: Any, line: int, debug: bool) -> None:
    assert found(main, debug=debug) == [(line, DETAIL)]


def test_one_of_the_class_s_own_is_found_in_debug_mode() -> None:
    assert found(made_by_its_class, debug=True) == [(1, DETAIL)]


def test_where_an_exception_was_raised_is_nearer_than_where_the_future_got_it() -> None:
    async def main() -> None:
        future = asyncio.get_running_loop().create_future()
        try:
            raise ValueError("no")
        except ValueError as error:
            future.set_exception(error)

    assert found(main) == [(3, DETAIL)]


def test_a_future_that_somebody_looked_at_is_no_finding() -> None:
    async def main() -> None:
        future = asyncio.get_running_loop().create_future()
        future.set_exception(ValueError("no"))
        with contextlib.suppress(ValueError):
            await future

    assert found(main) == []


# ---------------------------------------------------------------- everything else is as without


def told(main: Callable[[], Any], watched: bool, debug: bool) -> Any:
    with hygiene(strict=False) if watched else contextlib.nullcontext():
        return run(main(), debug=debug)


@pytest.mark.parametrize("debug", [False, True])
def test_what_is_watched_is_printed_as_ever(debug: bool) -> None:
    async def main() -> list[str]:
        loop = here()
        handles: list[Any] = [loop.call_soon(int, 1), loop.call_later(1, int, 2)]
        handles += [] if debug else [loop.create_future()]  # which says in whose line it was made
        shown = [repr(each) for each in handles]
        return [each.replace(hex(id(handle)), "") for each, handle in zip(shown, handles, strict=True)]

    assert told(main, True, debug) == told(main, False, debug)


@pytest.mark.parametrize("debug", [False, True])
def test_a_call_from_a_wrong_thread_is_refused_in_the_same_words(debug: bool) -> None:
    async def main() -> list[str]:
        loop, said = here(), list[str]()
        task = asyncio.create_task(asyncio.sleep(9))

        def ask() -> None:
            calls: list[Callable[[], Any]] = [lambda: loop.call_soon(int), lambda: loop.call_later(1, int)]
            for call in [*calls, task.cancel]:
                try:
                    call()
                except RuntimeError as error:
                    said.append(str(error))

        thread = threading.Thread(target=ask, name="other")
        thread.start()
        await asyncio.to_thread(thread.join)
        task.cancel()
        return said

    assert told(main, True, debug) == told(main, False, debug) != []


def test_who_runs_already_has_its_own_methods_again_afterwards() -> None:
    async def main() -> None:
        replaced = {"create_future", "call_soon", "call_later", "call_at", "call_soon_threadsafe"}
        assert not replaced & vars(here()).keys()
        with hygiene():
            assert replaced <= vars(here()).keys()
        assert not replaced & vars(here()).keys()

    run(main())
