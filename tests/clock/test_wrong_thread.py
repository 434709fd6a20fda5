"""What belongs to a loop and is called in another thread is refused by name; asyncio takes it, and is not woken."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop, hygiene


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


SEEN: list[str] = []


def see() -> None:
    SEEN.append("it took effect")


async def nothing() -> None:
    see()


def given(make: Callable[[Any], object]) -> None:
    """A coroutine that is given to whoever refuses it was never awaited."""
    coroutine = nothing()
    try:
        make(coroutine)
    finally:
        coroutine.close()


CALLS: dict[str, tuple[Callable[[asyncio.AbstractEventLoop], object], str]] = {
    "call_soon": (lambda loop: loop.call_soon(see), "loop.call_soon was called"),
    "call_later": (lambda loop: loop.call_later(0.5, see), "loop.call_later was called"),
    "call_at": (lambda loop: loop.call_at(0.5, see), "loop.call_at was called"),
    "stop": (lambda loop: loop.stop(), "loop.stop was called"),
    "run_in_executor": (lambda loop: loop.run_in_executor(None, see), "loop.run_in_executor was called"),
    "create_task": (lambda loop: given(lambda it: loop.create_task(it)), "loop.create_task was called"),
    "ensure_future": (
        lambda loop: given(lambda it: asyncio.ensure_future(it, loop=loop)),
        "asyncio.ensure_future was called",
    ),
    "Task": (lambda loop: given(lambda it: asyncio.Task(it, loop=loop)), "asyncio.Task was called"),
    "by another name": (lambda loop: getattr(loop, "call_soon")(see), "a future, a task or the loop was changed"),  # noqa: B009
}


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("make_loop", [VirtualLoop, OutsideLoop])
@pytest.mark.parametrize(("call", "said"), CALLS.values(), ids=CALLS)
def test_a_loop_that_is_called_in_a_wrong_thread_refuses_before_it_does_anything(
    call: Any, said: str, make_loop: Any, debug: bool
) -> None:
    async def main() -> None:
        try:
            await wait_and(call)
        finally:
            await asyncio.sleep(1)

    SEEN.clear()
    with pytest.raises(RuntimeError, match=f": {said}{INSTEAD}"):
        run(main(), make_loop, debug)
    assert not SEEN


@pytest.mark.parametrize("name", ["call_soon", "call_later", "create_task"])
def test_within_hygiene_it_does_so_too(name: str) -> None:
    call, said = CALLS[name]
    SEEN.clear()
    with hygiene(strict=False), pytest.raises(RuntimeError, match=f": {said}{INSTEAD}"):
        run(wait_and(call))
    assert not SEEN


@pytest.mark.parametrize("watched", [contextlib.nullcontext, hygiene])
def test_a_task_that_is_cancelled_in_a_wrong_thread_goes_on(watched: Any) -> None:
    async def work() -> str:
        await asyncio.sleep(2)
        return "done"

    async def main() -> str:
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match=f": Task.cancel was called{INSTEAD}"):
            await wait_and(lambda loop: task.cancel())
        return await task

    with watched():
        assert run(main()) == "done"


def test_a_task_that_is_done_is_cancelled_from_anywhere_for_nothing() -> None:
    async def main() -> None:
        task = asyncio.create_task(nothing())
        await task
        await wait_and(lambda loop: task.cancel())

    run(main())


def test_who_waits_for_a_future_that_was_set_in_a_wrong_thread_goes_on() -> None:
    """It has let go of its callbacks when its loop is asked."""

    async def main() -> int:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        waiter = asyncio.create_task(asyncio.wait_for(future, 10))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match=f": future.set_result was called{INSTEAD}"):
            await wait_and(lambda loop: future.set_result(1))
        return await waiter

    assert run(main()) == 1


FUTURES: dict[str, Callable[[Any], object]] = {
    "future.set_result": lambda future: future.set_result(1),
    "future.set_exception": lambda future: future.set_exception(ValueError("no")),
    "future.cancel": lambda future: future.cancel(),
}


@pytest.mark.parametrize(("said", "change"), FUTURES.items(), ids=FUTURES)
def test_a_future_that_is_awaited_is_set_in_its_own_thread(said: str, change: Callable[[Any], object]) -> None:
    async def main() -> None:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        waiter = asyncio.create_task(asyncio.wait([future], timeout=10))
        await asyncio.sleep(0)
        try:
            await wait_and(lambda loop: change(future))
        finally:
            waiter.cancel()

    with pytest.raises(RuntimeError, match=f": {said} was called{INSTEAD}"):
        run(main())


async def of_a_queue() -> tuple[Any, Any]:
    queue: asyncio.Queue[int] = asyncio.Queue(1)
    queue.put_nowait(1)
    return queue.put(2), queue.get_nowait


async def of_a_queue_that_is_joined() -> tuple[Any, Any]:
    queue: asyncio.Queue[int] = asyncio.Queue(1)
    queue.put_nowait(queue.qsize())
    queue.get_nowait()
    return queue.join(), queue.task_done


async def of_a_lock() -> tuple[Any, Any]:
    lock = asyncio.Lock()
    await lock.acquire()
    return lock.acquire(), lock.release


async def of_a_semaphore() -> tuple[Any, Any]:
    semaphore = asyncio.Semaphore(0)
    return semaphore.acquire(), semaphore.release


async def of_an_event() -> tuple[Any, Any]:
    event = asyncio.Event()
    return event.wait(), event.set


async def of_a_task() -> tuple[Any, Any]:
    task = asyncio.create_task(asyncio.sleep(100))
    return asyncio.wait([task]), task.cancel


async def of_a_reader() -> tuple[Any, Any]:
    reader = asyncio.StreamReader()
    return reader.read(1), lambda: reader.feed_data(b"x")


def of_a_writer(call: Callable[[Any], object]) -> Callable[[], Any]:
    async def make() -> tuple[Any, Any]:
        await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 80)
        _, writer = await asyncio.open_connection("127.0.0.1", 80)

        async def close() -> None:
            try:
                await asyncio.sleep(9)
            finally:
                writer.close()

        return close(), lambda: call(writer)

    return make


def of_a_program(call: Callable[[Any], object]) -> Callable[[], Any]:
    async def make() -> tuple[Any, Any]:
        loop: Any = asyncio.get_running_loop()
        loop.clock.programs["cat"] = lambda child: child.stdin.read()
        process = await asyncio.create_subprocess_exec("cat", stdin=asyncio.subprocess.PIPE)

        async def end() -> None:
            try:
                await process.wait()
            finally:
                process.kill()

        return end(), lambda: call(process.stdin)

    return make


async def of_a_server() -> tuple[Any, Any]:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 80)
    return server.start_serving(), server.close


async def of_the_loop() -> tuple[Any, Any]:
    loop: Any = asyncio.get_running_loop()
    return asyncio.sleep(9), lambda: loop.advance(1).send(None)


METHODS = {
    "Queue.get_nowait": of_a_queue,
    "Queue.task_done": of_a_queue_that_is_joined,
    "Lock.release": of_a_lock,
    "Semaphore.release": of_a_semaphore,
    "Event.set": of_an_event,
    "Task.cancel": of_a_task,
    "StreamReader.feed_data": of_a_reader,
    "Server.close": of_a_server,
    "loop.advance": of_the_loop,
}
WRITES: dict[str, Callable[[Any], object]] = {
    "StreamWriter.write": lambda writer: writer.write(b"x"),
    "StreamWriter.writelines": lambda writer: writer.writelines([b"x"]),
    "StreamWriter.write_eof": lambda writer: writer.write_eof(),
}


def of_a_transport(transport: Any) -> dict[str, Callable[[], object]]:
    """The calls are named as they are written."""
    return {
        "transport.write": lambda: transport.write(b"x"),
        "transport.writelines": lambda: transport.writelines([b"x"]),
        "transport.write_eof": lambda: transport.write_eof(),
        "transport.pause_reading": lambda: transport.pause_reading(),
        "transport.resume_reading": lambda: transport.resume_reading(),
    }


def by_its_name(said: str) -> Callable[[Any], object]:
    return lambda writer: of_a_transport(writer.transport)[said]()


def made_of(of: Callable[[Callable[[Any], object]], Any]) -> list[Any]:
    """What is written to, by each method of its writer, and of its transport."""
    calls = WRITES | {said: by_its_name(said) for said in of_a_transport(None)}
    return [pytest.param(said, of(call), id=f"{of.__name__}: {said}") for said, call in calls.items()]


@pytest.mark.parametrize(
    ("said", "make"),
    [
        *(pytest.param(*method, id=method[0]) for method in METHODS.items()),
        *made_of(of_a_writer),
        *made_of(of_a_program),
    ],
)
def test_a_method_that_somebody_waits_for_is_called_by_its_own_name(said: str, make: Any) -> None:
    async def main() -> None:
        wait, change = await make()
        waiter = asyncio.ensure_future(wait)
        await asyncio.sleep(0)
        try:
            await wait_and(lambda loop: change())
        finally:
            waiter.cancel()

    with pytest.raises(RuntimeError, match=f": {said} was called{INSTEAD}"):
        run(main())


async def connect(loop: Any) -> None:
    await loop.create_connection(asyncio.Protocol, "127.0.0.1", 80)


async def look_up(loop: Any) -> None:
    await loop.getaddrinfo("127.0.0.1", 80)


async def look_up_in_time(loop: Any) -> None:
    await asyncio.wait_for(loop.getaddrinfo("127.0.0.1", 80), 1)


ELSEWHERE = [("loop.create_connection", connect), ("loop.getaddrinfo", look_up), ("loop.getaddrinfo", look_up_in_time)]


@pytest.mark.parametrize(("said", "ask"), ELSEWHERE, ids=[ask.__name__ for _, ask in ELSEWHERE])
def test_a_coroutine_of_a_loop_that_runs_elsewhere_is_refused_before_it_does_anything(
    said: str, ask: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 80)
        try:
            await wait_and(lambda loop: run(ask(loop)))
        finally:
            await asyncio.sleep(1)
            server.close()

    with pytest.raises(RuntimeError, match=f": {said} was called{INSTEAD}"):
        run(main())
    assert not caplog.records


@pytest.mark.parametrize("make_loop", [asyncio.SelectorEventLoop, VirtualLoop])
def test_what_another_loop_s_task_had_a_loop_begin_leaves_nothing_behind(
    make_loop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The socket is closed, and its loop, which did not run, still had it."""
    with contextlib.closing(make_loop()) as one, contextlib.closing(make_loop()) as other:
        server = one.run_until_complete(asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0))
        address = server.sockets[0].getsockname()
        with pytest.raises(RuntimeError, match="attached to a different loop"):
            other.run_until_complete(one.create_connection(asyncio.Protocol, *address))
        for _ in range(5):
            one.run_until_complete(asyncio.sleep(0))
        server.close()
        one.run_until_complete(server.wait_closed())
    assert not caplog.records


def test_a_task_is_called_that_in_errors_of_its_methods() -> None:
    async def main() -> None:
        asyncio.current_task().cancel(1, 2, 3)  # type: ignore[call-arg, union-attr]

    with pytest.raises(TypeError, match=r"^Task.cancel\(\) takes"):
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
