"""A deadlock names each that waits, its line, what it waits for, and why nobody can give it."""

import asyncio
import concurrent.futures
import contextlib
import functools
import gc
import math
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError, LivelockError
from grader.clock.reasons import stuck
from grader.clock.reasons.stuck import Wait, waits_of
from grader.clock.threads.lookout import Outside

Program = Callable[[], Coroutine[Any, Any, Any]]


def explained(program: Program) -> list[str]:
    """What stands below the first line, with lines counted from that of the function."""
    with (
        pytest.raises(DeadlockError) as caught,
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        runner.run(program())
    first, *said = str(caught.value).split("\n  ")
    assert first == "nothing can ever run again:"
    return [line.replace("test_stuck.py, line ", "").replace("<locals>.", "") for line in said]


def _set_never() -> None:
    threading.Event().wait()


def test_a_queue_that_is_empty() -> None:
    async def program() -> None:
        q: asyncio.Queue[int] = asyncio.Queue()
        await q.get()

    (said,) = explained(program)
    assert said.endswith(": waits for an item from Queue 'q': it is empty, and nothing that runs can put one")
    assert said.startswith("Task-")
    line = program.__code__.co_firstlineno + 2
    assert f"(test_a_queue_that_is_empty.program), {line}:" in said


async def _get() -> None:
    await asyncio.Queue().get()


async def _put() -> None:
    full: asyncio.Queue[int] = asyncio.Queue(1)
    await full.put(1)
    await full.put(2)


async def _join() -> None:
    q: asyncio.Queue[int] = asyncio.Queue()
    q.put_nowait(1)
    q.put_nowait(2)
    await q.join()


async def _lock() -> None:
    lock = asyncio.Lock()
    async with lock, lock:
        pass


async def _lock_by_hand() -> None:
    lock = asyncio.Lock()
    await lock.acquire()
    await lock.acquire()


async def _server() -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "localhost", 80)
    await server.serve_forever()


async def _shielded_future() -> None:
    answer = asyncio.get_running_loop().create_future()
    await asyncio.shield(answer)


async def _semaphore() -> None:
    limit = asyncio.Semaphore(1)
    async with limit, limit:
        pass


async def _event() -> None:
    ready = asyncio.Event()
    await ready.wait()


async def _nameless_event() -> None:
    await asyncio.Event().wait()


async def _condition() -> None:
    changed = asyncio.Condition()
    async with changed:
        await changed.wait()


async def _barrier() -> None:
    meeting = asyncio.Barrier(3)
    await meeting.wait()


async def _future() -> None:
    answer = asyncio.get_running_loop().create_future()
    await answer


class _Holder:
    def __init__(self) -> None:
        self.inbox: asyncio.Queue[int] = asyncio.Queue()

    async def run(self) -> None:
        await self.inbox.get()


async def _attribute() -> None:
    await _Holder().run()


async def _thread_queue() -> None:
    items: queue.Queue[int] = queue.Queue()
    items.get()


async def _thread_event() -> None:
    ready = threading.Event()
    ready.wait()


async def _thread_lock() -> None:
    lock = threading.Lock()
    with lock, lock:
        pass


async def _crossed_locks() -> None:
    def hold(outer: threading.Lock, inner: threading.Lock) -> None:
        with outer:
            time.sleep(1)
            with inner:
                pass

    locks = threading.Lock(), threading.Lock()
    threads = [threading.Thread(target=hold, args=each) for each in (locks, locks[::-1])]
    for thread in threads:
        thread.start()
    await asyncio.to_thread(threads[0].join)


async def _lock_of_the_loop() -> None:
    lock = threading.RLock()
    lock.acquire()
    await asyncio.to_thread(lambda: lock.acquire())


async def _own_result() -> None:
    async def answer() -> int:
        return 1

    asyncio.run_coroutine_threadsafe(answer(), asyncio.get_running_loop()).result()


async def _unset_result() -> None:
    def wait() -> None:
        promise: concurrent.futures.Future[int] = concurrent.futures.Future()
        promise.result()

    await asyncio.to_thread(wait)


async def _wrapped() -> None:
    await asyncio.wrap_future(concurrent.futures.Future[int]())


async def _unset_in_a_coroutine() -> None:
    promise: concurrent.futures.Future[int] = concurrent.futures.Future()
    promise.result()


async def _one_of_a_set() -> None:
    promise: concurrent.futures.Future[int] = concurrent.futures.Future()
    concurrent.futures.wait([promise])


async def _a_set() -> None:
    promises: list[concurrent.futures.Future[int]] = [concurrent.futures.Future(), concurrent.futures.Future()]
    for _ in concurrent.futures.as_completed(promises):
        pass


async def _own_pool() -> None:
    pool = concurrent.futures.ThreadPoolExecutor(1)

    def job() -> int:
        return pool.submit(int).result()

    await asyncio.get_running_loop().run_in_executor(pool, job)


async def _loop_that_stands_still() -> None:
    loop = asyncio.get_running_loop()

    def ask() -> None:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(1), loop).result()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()


UNSET = "nothing on this clock can set it; threads that are elsewhere are waited for by an OutsideLoop (docs/clock.md)"


@pytest.mark.parametrize(
    ("program", "waits"),
    [
        (_get, "an item from a Queue: it is empty, and nothing that runs can put one"),
        (_put, "room in Queue 'full': its place is taken, and nothing that runs can take an item"),
        (_join, "2 more task_done() of Queue 'q', and nothing that runs can call it"),
        (_lock, "Lock 'lock': it is held by the very task that waits for it"),
        (_lock_by_hand, "Lock 'lock': it is held by the very task that waits for it, which took it in 80"),
        (_server, "the end of Server 'server': nothing that runs can close it"),
        (_shielded_future, "Future 'answer': nothing that runs can set it"),
        (_semaphore, "Semaphore 'limit': it is used up by the very task that waits for it"),
        (_event, "Event 'ready': nothing that runs can set it"),
        (_nameless_event, "an Event: nothing that runs can set it"),
        (_condition, "Condition 'changed': nothing that runs can notify it"),
        (_barrier, "Barrier 'meeting': 1 of 3 are there, and nothing that runs can join them"),
        (_future, "Future 'answer': nothing that runs can set it"),
        (_attribute, "an item from Queue 'self.inbox': it is empty, and nothing that runs can put one"),
        (_thread_queue, "an item from Queue 'items': it is empty, and nothing that runs can put one"),
        (_thread_event, "Event 'ready': nothing that runs can set it"),
        (_thread_lock, "Lock 'lock': it is held by the very thread that waits for it"),
        (_crossed_locks, "Lock 'inner': it is held by Thread-2 (hold), which waits itself"),
        (_lock_of_the_loop, "RLock 'lock': it is held by the main thread, which runs its loop"),
        (_own_result, "the result of a future, in the very thread that would have to bring it about"),
        (_unset_result, f"the result of Future 'promise': {UNSET}"),
        (_wrapped, f"the result of a Future: {UNSET}"),
        (_unset_in_a_coroutine, f"the result of Future 'promise': {UNSET}"),
        (_one_of_a_set, f"the result of Future 'promise': {UNSET}"),
        (_a_set, UNSET.replace("nothing", "2 results: nothing", 1).replace("it;", "them;")),
        (
            _own_pool,
            "the result of a job that no thread of its pool has begun: ThreadPoolExecutor-0_0, which waits itself",
        ),
        (
            _loop_that_stands_still,
            "the result of a coroutine that its loop, which stands still, has not begun",
        ),
    ],
)
def test_what_is_waited_for_is_named(program: Program, waits: str) -> None:
    assert any(said.endswith(f": waits for {waits}") for said in explained(program)), explained(program)


def test_a_task_a_gather_and_a_group_name_the_tasks_that_they_wait_for() -> None:
    async def worker(event: asyncio.Event) -> None:
        await event.wait()

    async def one() -> None:
        await asyncio.create_task(worker(asyncio.Event()), name="w")

    async def many() -> None:
        await asyncio.gather(*(asyncio.create_task(worker(asyncio.Event()), name=name) for name in "ab"))

    async def group() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker(asyncio.Event()), name="w")

    name = "test_a_task_a_gather_and_a_group_name_the_tasks_that_they_wait_for.<locals>.worker"
    short = name.replace("<locals>.", "")
    assert any(said.endswith(f": waits for w ({short}), which waits itself") for said in explained(one))
    assert any(
        said.endswith(f": waits for a ({short}), b ({short}), which wait themselves") for said in explained(many)
    )
    assert any(
        said.endswith(f": waits for the tasks of its group: w ({short}), which waits itself")
        for said in explained(group)
    )


def test_a_task_of_the_library_alone_is_listed_without_a_line() -> None:
    (said,) = explained(asyncio.Event().wait)
    assert said.endswith(" (Event.wait): waits for an Event: nothing that runs can set it")
    assert said.startswith("Task-")


def test_whoever_stands_in_the_program_comes_before_those_of_the_library() -> None:
    async def both() -> None:
        event = asyncio.create_task(asyncio.Event().wait(), name="a")
        await asyncio.gather(event, asyncio.create_task(asyncio.Queue().get(), name="b"))

    first, *others = explained(both)
    assert first.endswith(
        f"{both.__code__.co_firstlineno + 2}: waits for a (Event.wait), b (Queue.get), which wait themselves"
    )
    awaited = f"awaited in {both.__code__.co_firstlineno + 2}"
    assert others == [
        f"a (Event.wait), {awaited}: waits for an Event: nothing that runs can set it",
        f"b (Queue.get), {awaited}: waits for an item from a Queue: it is empty, and nothing that runs can put one",
    ]


def test_a_thread_that_works_for_a_task_is_named_and_listed() -> None:
    async def own() -> None:
        await asyncio.to_thread(_set_never)

    async def library() -> None:
        items: queue.SimpleQueue[int] = queue.SimpleQueue()
        await asyncio.to_thread(items.get)

    async def join() -> None:
        thread = threading.Thread(target=threading.Event().wait, name="helper")
        thread.start()
        thread.join()

    of_asyncio = ": waits for the result of the thread asyncio_0, which waits itself"
    by, task = explained(own)
    assert by == (
        f"asyncio_0 (_set_never), {_set_never.__code__.co_firstlineno + 1}: waits for an Event: nothing that runs can set it"
    )
    assert task.endswith(f"{own.__code__.co_firstlineno + 1}{of_asyncio}")
    task, by = explained(library)
    assert task.endswith(f"{library.__code__.co_firstlineno + 2}{of_asyncio}")
    assert by == (
        f"asyncio_0 (SimpleQueue.get), submitted in {library.__code__.co_firstlineno + 2}: "
        "waits for an item from SimpleQueue 'items': it is empty, and nothing that runs can put one"
    )
    task, by = explained(join)
    assert task.endswith(
        f"{join.__code__.co_firstlineno + 3}: waits for the end of the thread helper, which waits itself"
    )
    started = join.__code__.co_firstlineno + 2
    assert by == f"helper (Event.wait), started in {started}: waits for an Event: nothing that runs can set it"


def test_a_thread_and_a_coroutine_that_wait_for_each_other_are_named() -> None:
    async def program() -> None:
        async def ask() -> None:
            await asyncio.Event().wait()

        loop = asyncio.get_running_loop()
        await asyncio.to_thread(lambda: asyncio.run_coroutine_threadsafe(ask(), loop).result())

    coroutine, *others = explained(program)
    name = coroutine.partition(",")[0]
    assert coroutine.endswith(": waits for an Event: nothing that runs can set it")
    assert sum(said.endswith(f": waits for {name}, which waits itself") for said in others) == 1
    assert (
        sum(said.endswith(": waits for the result of the thread asyncio_0, which waits itself") for said in others) == 1
    )


def test_a_gather_names_the_threads_that_its_jobs_are_in() -> None:
    async def program() -> None:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(None, _set_never) for _ in range(2)))

    ends = ": waits for the thread asyncio_0, the thread asyncio_1, which wait themselves"
    assert any(said.endswith(ends) for said in explained(program)), explained(program)


def test_in_a_graded_run_only_the_program_is_spoken_of() -> None:
    clock, found = Clock(), list[Wait]()

    async def program() -> None:
        waiting = asyncio.to_thread(queue.Queue[int]().get), asyncio.Event().wait(), _wrapped()
        tasks = [asyncio.create_task(each, name=name) for each, name in zip(waiting, "abc", strict=True)]
        await asyncio.get_running_loop().run_in_executor(None, _set_never)
        await asyncio.wait(tasks)

    clock.on_break = lambda reason: found.extend(waits_of(clock.loops, clock))
    with (
        pytest.raises(DeadlockError, match="^nothing can ever run again$"),
        asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner,
    ):
        runner.run(program())
    assert [(wait.function.rpartition(".")[2], wait.waits_for) for wait in found if "lambda" not in wait.function] == [
        ("_set_never", "an Event: nothing that runs can set it"),
        ("_wrapped", "the result of a Future: nothing that runs can set it"),
        ("program", "the result of a thread, which waits itself"),
    ]


def test_a_loop_with_an_outside_gives_no_hint_to_use_one() -> None:
    loop = functools.partial(OutsideLoop, outside=Outside(patience=0))
    with pytest.raises(DeadlockError) as caught, asyncio.Runner(loop_factory=loop) as runner:
        runner.run(_wrapped())
    assert str(caught.value).endswith(": waits for the result of a Future: nothing on this clock can set it")


def test_a_loop_without_a_task_says_so() -> None:
    with contextlib.closing(VirtualLoop()) as loop, pytest.raises(DeadlockError) as caught:
        loop.run_forever()
    assert str(caught.value) == (
        "nothing can ever run again: there is no task; a loop that other threads give work to is an OutsideLoop, "
        "or runs in a thread that was started on its clock (docs/clock.md)"
    )
    with contextlib.closing(OutsideLoop(outside=Outside(patience=0))) as loop, pytest.raises(DeadlockError) as caught:
        loop.run_forever()
    assert str(caught.value) == (
        "nothing can ever run again; nothing came from outside in 0 s of real time: there is no task"
    )


def test_two_locks_taken_crosswise_name_both_that_wait() -> None:
    async def take(first: asyncio.Lock, second: asyncio.Lock) -> None:
        async with first:
            await asyncio.sleep(1)
            async with second:
                pass

    async def program() -> None:
        a, b = asyncio.Lock(), asyncio.Lock()
        one, two = asyncio.create_task(take(a, b), name="one"), asyncio.create_task(take(b, a), name="two")
        await asyncio.gather(one, two)

    name, line = "test_two_locks_taken_crosswise_name_both_that_wait.take", take.__code__.co_firstlineno + 3
    waits = f"({name}), {line}: waits for Lock 'second': it is held by"
    said = explained(program)
    assert len(said) == 3
    assert said[:2] == [
        f"one {waits} two ({name}), which waits itself",
        f"two {waits} one ({name}), which waits itself",
    ]


def test_a_lock_of_which_one_waits_that_another_holds_is_the_others() -> None:
    async def hold(lock: asyncio.Lock) -> None:
        async with lock:
            await asyncio.Event().wait()

    async def program() -> None:
        lock = asyncio.Lock()
        names = ("first", "second", "third")
        await asyncio.gather(*(asyncio.create_task(hold(lock), name=name) for name in names))

    name = "test_a_lock_of_which_one_waits_that_another_holds_is_the_others.hold"
    held = f": waits for Lock 'lock': it is held by first ({name}), which waits itself"
    assert [said.partition(" ")[0] for said in explained(program) if said.endswith(held)] == ["second", "third"]


def test_what_is_shielded_is_named() -> None:
    async def program() -> None:
        await asyncio.shield(asyncio.create_task(_event(), name="within"))

    assert any(said.endswith(": waits for within (_event), which waits itself") for said in explained(program))


def test_the_next_of_several_tasks_is_not_an_item_from_a_queue() -> None:
    async def two() -> None:
        for each in asyncio.as_completed([asyncio.create_task(_event(), name=name) for name in "ab"]):
            await each

    async def one_is_left() -> None:
        tasks = [asyncio.create_task(asyncio.sleep(1)), asyncio.create_task(_event(), name="a")]
        for each in asyncio.as_completed(tasks):
            await each

    async def future() -> None:
        for each in asyncio.as_completed([asyncio.get_running_loop().create_future()]):
            await each

    both = ": waits for the next of 2 tasks: a (_event), b (_event), which wait themselves"
    assert any(said.endswith(both) for said in explained(two)), explained(two)
    one = ": waits for the next of 1 task: a (_event), which waits itself"
    assert any(said.endswith(one) for said in explained(one_is_left)), explained(one_is_left)
    (said,) = explained(future)
    assert said.endswith(": waits for the next of some futures: nothing that runs can set one")


def test_a_wait_in_an_asynchronous_generator_has_its_line() -> None:
    async def items() -> AsyncIterator[int]:
        ready = asyncio.Event()
        await ready.wait()
        yield 1

    async def program() -> None:
        async for _ in items():
            pass

    async def entered() -> None:
        async with contextlib.asynccontextmanager(items)():
            pass

    name, line = "test_a_wait_in_an_asynchronous_generator_has_its_line.items", items.__code__.co_firstlineno + 2
    for each in (program, entered):
        (said,) = explained(each)
        assert said.endswith(f"({name}), {line}: waits for Event 'ready': nothing that runs can set it")


def test_a_livelock_names_the_line_that_spins() -> None:
    async def idle() -> None:
        await asyncio.Event().wait()

    async def program() -> None:
        waiting = asyncio.create_task(idle())
        while not waiting.done():
            await asyncio.sleep(0)

    with (
        pytest.raises(LivelockError) as caught,
        asyncio.Runner(loop_factory=lambda: VirtualLoop(Clock(max_turns=100))) as runner,
    ):
        runner.run(program())
    line = program.__code__.co_firstlineno + 3
    assert str(caught.value).startswith("100 turns of the event loop while the clock stood still; it may ")
    assert ":\n  Task-" in str(caught.value)
    assert f"program), test_stuck.py, line {line}" in str(caught.value)


def test_tasks_that_await_each_other_are_named_and_come_to_an_end_with_a_runner() -> None:
    async def main() -> None:
        async def a() -> None:
            await others["b"]

        async def b() -> None:
            await others["a"]

        others: dict[str, asyncio.Task[None]] = {}
        others["a"] = asyncio.create_task(a(), name="a")
        others["b"] = asyncio.create_task(b(), name="b")
        await asyncio.wait(others.values())

    said = r"(?s)waits for b \(.*\), which waits itself.*waits for a \(.*\), which waits itself"
    with (
        pytest.raises(DeadlockError, match=said),
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        runner.run(main())


def test_a_task_that_nobody_holds_is_there_when_the_text_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost() -> None:
        await asyncio.Event().wait()

    async def program() -> None:
        asyncio.create_task(lost())  # noqa: RUF006 -- nobody holds it
        await asyncio.Event().wait()

    waits = stuck.waits_of

    def after_a_collection(*args: Any, **named: Any) -> Any:
        gc.collect()  # as an import may start one
        return waits(*args, **named)

    monkeypatch.setattr(stuck, "waits_of", after_a_collection)
    said = explained(program)
    assert sorted("lost" in line for line in said) == [False, True]


def test_a_sleep_without_end() -> None:
    async def program() -> None:
        await asyncio.sleep(math.inf)

    (said,) = explained(program)
    assert said.endswith("waits for the end of a sleep of inf s, later than this clock goes")


def test_of_many_that_wait_alike_the_first_few_are_listed() -> None:
    async def program() -> None:
        gate = asyncio.Event()

        async def work() -> None:
            await gate.wait()

        async def rest() -> None:
            await gate.wait()

        async with asyncio.TaskGroup() as group:
            for number in range(304):
                group.create_task(work() if number < 300 else rest(), name=f"t{number:03}")

    *said, last = explained(program)
    four = ["t300", "t301", "t302", "t303"]  # to leave out one would take as much room
    assert [line.partition(" (")[0] for line in said] == ["t000", "t001", "t002", "and 297 more like it", *four]
    assert "waits for the tasks of its group" in last
