"""What belongs to a loop and is called in another thread is refused by name; asyncio takes it, and is not woken."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop


async def wait_and(call: Callable[[asyncio.AbstractEventLoop], object]) -> None:
    """`call` in a thread, while this one's loop has something to do."""
    loop, raised = asyncio.get_running_loop(), list[BaseException]()

    def work() -> None:
        try:
            call(loop)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    await asyncio.sleep(1)
    thread.join()
    if raised:
        raise raised[0]


def run(main: Any, make_loop: Any = VirtualLoop, debug: bool = False) -> Any:
    with asyncio.Runner(loop_factory=make_loop, debug=debug) as runner:
        return runner.run(main)


INSTEAD = (
    " in the thread worker, but the loop runs in MainThread, which does not hear of it; "
    "use loop.call_soon_threadsafe, or asyncio.run_coroutine_threadsafe for a coroutine$"
)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
def test_an_item_that_is_put_in_a_thread_is_refused_by_name(make_loop: Any, debug: bool) -> None:
    async def main() -> None:
        queue: asyncio.Queue[str] = asyncio.Queue()
        taker = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        try:
            await wait_and(lambda loop: queue.put_nowait("item"))
        finally:
            taker.cancel()

    with pytest.raises(RuntimeError, match=f": Queue.put_nowait was called{INSTEAD}"):
        run(main(), make_loop, debug)


async def nothing() -> None:
    """A coroutine."""


CALLS: dict[str, tuple[Callable[[asyncio.AbstractEventLoop], object], str]] = {
    "call_soon": (lambda loop: loop.call_soon(print), "a future, a task or the loop was changed"),
    "call_later": (lambda loop: loop.call_later(1, print), "a future, a task or the loop was changed"),
    "create_task": (lambda loop: loop.create_task(nothing()), "loop.create_task was called"),
}


@pytest.mark.parametrize(("call", "said"), CALLS.values(), ids=CALLS)
def test_a_loop_that_is_called_in_a_wrong_thread_refuses(call: Any, said: str) -> None:
    with pytest.raises(RuntimeError, match=f": {said}{INSTEAD}"):
        run(wait_and(call))


@pytest.mark.parametrize("how", ["set_result", "cancel"])
def test_a_future_that_is_awaited_is_set_in_its_own_thread(how: str) -> None:
    async def main() -> None:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        waiter = asyncio.create_task(asyncio.wait_for(future, 10))
        await asyncio.sleep(0)
        try:
            await wait_and(lambda loop: getattr(future, how)(*([1] if how == "set_result" else [])))
        finally:
            waiter.cancel()

    with pytest.raises(RuntimeError, match=f": a future, a task or the loop was changed{INSTEAD}"):
        run(main())


def test_what_is_meant_for_other_threads_is_not_refused() -> None:
    async def answer() -> int:
        return 42

    def work(loop: asyncio.AbstractEventLoop) -> int:
        heard = threading.Event()
        loop.call_soon_threadsafe(heard.set)
        assert heard.wait(5)
        return asyncio.run_coroutine_threadsafe(answer(), loop).result(5)

    async def main() -> int:
        return await asyncio.to_thread(work, asyncio.get_running_loop())

    assert run(main()) == 42


def test_after_the_threads_are_gone_the_loop_is_as_fast_as_before() -> None:
    async def main() -> bool:
        await asyncio.to_thread(int)
        await asyncio.get_running_loop().shutdown_default_executor()
        return bool(asyncio.get_running_loop()._fast)  # type: ignore[attr-defined]

    assert run(main())
