"""A signal that a thread of a run sends to its process is heard when it was sent, before the clock moves."""

import _thread
import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.clock import Outside, OutsideLoop, VirtualLoop
from grader.clock.library import replaced
from tests.clock.running import run

MAIN = threading.main_thread().ident or 0
WAYS: dict[str, Callable[[signal.Signals], object]] = {
    "os.kill": lambda sig: os.kill(os.getpid(), sig),
    "raise_signal": lambda sig: signal.raise_signal(sig),
    "pthread_kill of the main thread": lambda sig: signal.pthread_kill(MAIN, sig),
    "pthread_kill of itself": lambda sig: signal.pthread_kill(threading.get_ident(), sig),
    "interrupt_main": lambda sig: _thread.interrupt_main(sig),
}


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {sig: signal.getsignal(sig) for sig in (signal.SIGUSR1, signal.SIGTERM)}
    yield
    for sig, handler in before.items():
        signal.signal(sig, handler)


def in_a_second(call: Callable[[], object]) -> threading.Thread:
    def work() -> None:
        time.sleep(1)
        call()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


@pytest.mark.parametrize("sig", [signal.SIGUSR1, signal.SIGTERM])
@pytest.mark.parametrize("send", WAYS.values(), ids=WAYS)
def test_a_handler_is_called_before_a_deadlock_is_declared(send: Any, sig: signal.Signals) -> None:
    async def main() -> tuple[float, float]:
        loop, event, seen = asyncio.get_running_loop(), asyncio.Event(), list[float]()

        def handle(*_: object) -> None:
            seen.append(loop.time())
            loop.call_soon_threadsafe(event.set)

        signal.signal(sig, handle)
        in_a_second(lambda: send(sig))
        await event.wait()
        return seen[0], loop.time()

    assert run(main()) == (1, 1)


@pytest.mark.parametrize("send", WAYS.values(), ids=WAYS)
def test_a_handler_is_called_before_the_clock_moves(send: Any) -> None:
    async def main() -> list[float]:
        seen = list[float]()
        signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.monotonic()))
        in_a_second(lambda: send(signal.SIGUSR1))
        await asyncio.sleep(1.000000001)
        return [*seen, time.monotonic()]

    assert run(main()) == [1, 1.000000001]


@pytest.mark.parametrize("send", WAYS.values(), ids=WAYS)
def test_a_handler_of_a_loop_with_an_outside_is_called_then_too(send: Any) -> None:
    async def main() -> list[float]:
        loop, seen = asyncio.get_running_loop(), list[float]()
        loop.add_signal_handler(signal.SIGTERM, lambda: seen.append(loop.time()))
        in_a_second(lambda: send(signal.SIGTERM))
        await asyncio.sleep(2)
        loop.remove_signal_handler(signal.SIGTERM)
        return seen

    with asyncio.Runner(loop_factory=lambda: OutsideLoop(outside=Outside(grace=0, patience=0))) as runner:
        assert runner.run(main()) == [1]


def raise_and_sleep() -> None:
    signal.raise_signal(signal.SIGUSR1)
    time.sleep(5)


def test_the_main_thread_hears_it_wherever_it_waits() -> None:
    async def main() -> list[float]:
        seen = list[float]()
        signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.monotonic()))
        lock = threading.Lock()
        lock.acquire()
        for wait in (lambda: time.sleep(5), lambda: lock.acquire(timeout=5)):
            in_a_second(lambda: signal.raise_signal(signal.SIGUSR1))
            wait()
        thread = in_a_second(raise_and_sleep)
        thread.join()
        return [*seen, time.monotonic()]

    assert run(main()) == [1, 6, 11, 16]


def test_several_are_heard_in_the_order_in_which_they_were_sent() -> None:
    async def main() -> list[int]:
        seen = list[int]()
        for sig in (signal.SIGTERM, signal.SIGUSR1):
            signal.signal(sig, lambda number, _: seen.append(number))
        in_a_second(lambda: list(map(signal.raise_signal, (signal.SIGTERM, signal.SIGUSR1, signal.SIGTERM))))
        await asyncio.sleep(1.5)
        return seen

    assert run(main()) == [signal.SIGTERM, signal.SIGUSR1, signal.SIGTERM]


def test_what_a_handler_raises_comes_out_where_the_main_thread_waits() -> None:
    async def main() -> None:
        in_a_second(lambda: signal.raise_signal(signal.SIGUSR1))
        time.sleep(5)  # noqa: ASYNC251

    def fail(*_: object) -> None:
        raise KeyError(time.monotonic())

    signal.signal(signal.SIGUSR1, fail)
    with pytest.raises(KeyError, match="^1.0$"):
        run(main())


@pytest.mark.parametrize("send", [lambda: _thread.interrupt_main(), lambda: signal.raise_signal(signal.SIGINT)])
def test_an_interrupt_from_a_thread_ends_what_is_run(send: Callable[[], object]) -> None:
    loop = VirtualLoop()

    async def main() -> None:
        in_a_second(send)
        await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        run(main(), loop)
    assert loop.time() == 1


ENDED = """
import asyncio, signal, time
from grader.clock import VirtualLoop


async def main():
    await asyncio.to_thread(signal.raise_signal, signal.SIGTERM)
    print("it goes on")


with asyncio.Runner(loop_factory=VirtualLoop) as runner:
    runner.run(main())
"""


def test_a_signal_that_nobody_handles_ends_the_process() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDED], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGTERM, "", "")


def test_a_signal_that_is_ignored_is_nobody_s() -> None:
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)

    async def main() -> float:
        await asyncio.to_thread(signal.raise_signal, signal.SIGUSR1)
        return asyncio.get_running_loop().time()

    assert run(main()) == 0


def test_a_thread_that_lets_a_signal_wait_has_it() -> None:
    seen = list[int]()
    signal.signal(signal.SIGUSR1, lambda number, _: seen.append(number))

    def work() -> int:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
        signal.raise_signal(signal.SIGUSR1)
        return signal.sigwait({signal.SIGUSR1})

    async def main() -> int:
        return await asyncio.to_thread(work)

    assert (run(main()), seen) == (signal.SIGUSR1, [])


def test_a_module_that_took_the_function_by_name_before_sends_it_as_well(tmp_path: Path) -> None:
    module = ModuleType("took_raise_signal")
    module.__file__ = str(tmp_path / "took_raise_signal.py")
    with replaced.restored():
        replaced.take_down()
        exec("from signal import raise_signal", vars(module))
        sys.modules[module.__name__] = module
        try:
            seen = list[float]()
            signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.monotonic()))

            async def main() -> list[float]:
                in_a_second(lambda: module.raise_signal(signal.SIGUSR1))
                await asyncio.sleep(2)
                return seen

            assert run(main()) == [1]
        finally:
            del sys.modules[module.__name__]


@pytest.mark.parametrize("given", ["x", 10_000])
def test_what_is_no_signal_is_the_same_error(given: Any) -> None:
    with replaced.restored():
        replaced.take_down()
        with pytest.raises(Exception) as real:  # noqa: PT011 -- whichever it is
            signal.raise_signal(given)

        async def main() -> None:
            await asyncio.to_thread(signal.raise_signal, given)

        with pytest.raises(type(real.value)) as ours:
            run(main())
    assert str(ours.value) == str(real.value)
