"""How a deadlock's text calls what is waited for, and whom it names as having it."""

import asyncio
import contextlib
import gc
import re
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError
from grader.clock.reasons.stuck import waits_of
from tests.clock.running import run

Program = Callable[[], Coroutine[Any, Any, Any]]


def explained(program: Program) -> list[str]:
    """What stands below the first line, with lines counted from that of the function."""
    first = program.__code__.co_firstlineno
    with pytest.raises(DeadlockError) as caught:
        run(program())
    said = str(caught.value).replace("<locals>.", "")
    for number in range(first, first + 30):
        said = said.replace(f"{__file__.rpartition('/')[2]}, line {number}", f"+{number - first}")
    return said.split("\n  ")[1:]


async def wait(event: asyncio.Event) -> None:
    await event.wait()


# ---------------------------------------------------------------- gathers


async def nested() -> None:
    ready = asyncio.Event()
    inner = asyncio.gather(wait(ready), asyncio.shield(asyncio.create_task(wait(ready))))
    await asyncio.gather(inner, asyncio.gather(wait(ready)))


def a_future() -> "asyncio.Future[Any]":
    return asyncio.get_running_loop().create_future()


def a_task() -> "asyncio.Future[Any]":
    return asyncio.create_task(wait(asyncio.Event()), name="ev")


async def mixed() -> None:
    promise = a_future()
    await asyncio.gather(asyncio.gather(promise), promise)


def test_of_nested_gathers_all_tasks_are_named_and_each_once() -> None:
    *tasks, outer = explained(nested)
    names = sorted(each.partition(" (wait)")[0] for each in tasks)
    assert len(names) == 3
    assert outer.endswith(f": waits for {', '.join(f'{name} (wait)' for name in names)}, which wait themselves")


def test_a_future_in_two_gathers_is_nobody_s() -> None:
    (said,) = explained(mixed)
    assert said.endswith(", +2: waits for Future 'promise', which nothing that runs can set")


async def beside_a_task() -> None:
    f, ready = a_future(), a_task()
    await asyncio.gather(ready, f)


async def shielded_beside_a_task() -> None:
    f, ready = a_future(), a_task()
    await asyncio.wait([asyncio.shield(f), ready])


async def some_of_each() -> None:
    f, ready = a_future(), a_task()
    for each in asyncio.as_completed([f, ready]):
        await each


async def several() -> None:
    f, g = a_future(), a_future()
    await asyncio.wait({g, f})


async def several_with_others() -> None:
    f, g, h, i = (a_future() for _ in range(4))
    await asyncio.gather(a_future(), i, h, g, f)


async def one_with_another() -> None:
    f = a_future()
    await asyncio.gather(a_future(), f)


async def one_without_a_name() -> None:
    await asyncio.wait([a_future()])


async def several_without_a_name() -> None:
    await asyncio.gather(a_future(), a_future())


async def what_a_thread_promises() -> None:
    promise: Future[int] = Future()
    await asyncio.gather(asyncio.wrap_future(promise))


async def jobs_of_one_thread() -> None:
    f, loop, ended = a_future(), asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1, "pool"))
    try:
        await asyncio.gather(f, *(loop.run_in_executor(None, ended.wait) for _ in range(2)))
    finally:
        ended.set()


UNSET, WAITS = "which nothing that runs can set", "ev (wait), which waits itself"
OF_FUTURES: dict[Program, str] = {
    beside_a_task: f"Future 'f', {UNSET}, and for {WAITS}",
    shielded_beside_a_task: f"Future 'f', {UNSET}, and for {WAITS}",
    some_of_each: f"the next of 2 futures: Future 'f', {UNSET}, and {WAITS}",
    several: f"Future 'f' and Future 'g', {UNSET}",
    several_with_others: f"Future 'f', Future 'g', Future 'h' and 2 others, {UNSET}",
    one_with_another: f"Future 'f' and another, {UNSET}",
    one_without_a_name: f"a Future, {UNSET}",
    several_without_a_name: f"2 futures, {UNSET}",
    what_a_thread_promises: f"Future 'promise', {UNSET}",
    jobs_of_one_thread: f"Future 'f', {UNSET}, and for the thread pool_0, which waits itself",
}


@pytest.mark.parametrize(("program", "what"), OF_FUTURES.items(), ids=[each.__name__ for each in OF_FUTURES])
def test_a_future_that_nobody_sets_does_not_wait_itself(program: Program, what: str) -> None:
    (said,) = (said for said in explained(program) if f"({program.__name__})" in said.partition(",")[0])
    assert said.partition(": waits for ")[2] == what


def test_a_task_has_one_name_in_a_text() -> None:
    """That of the function in whose line it stands, however deep that is below the one it runs."""
    sem = asyncio.Semaphore(2)

    async def visit(further: int) -> None:
        async with sem:
            await asyncio.gather(*(visit(further - 1) for _ in range(further)))

    async def program() -> None:
        await visit(2)

    said = "\n".join(explained(program))
    names = set(re.findall(r"(Task-\d+ \(.*?\))", said))
    assert len({name.partition(" ")[0] for name in names}) == len(names) > 2


@pytest.mark.parametrize("together", [False, True])
def test_what_another_loop_was_asked_for_is_a_task_of_that(together: bool) -> None:
    async def program() -> None:
        async def ask() -> None:
            await asyncio.Event().wait()

        async def other() -> None:
            asked = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(ask(), loop))
            await (asyncio.gather(asked) if together else asked)

        loop = asyncio.get_running_loop()
        with contextlib.suppress(DeadlockError):
            await asyncio.to_thread(run, other())

    found = explained(program)
    (name,) = (said.partition(",")[0] for said in found if "program.ask)" in said.partition(",")[0])
    (said,) = (said for said in found if "program.other)" in said.partition(",")[0])
    assert said.endswith(f": waits for {name}, which waits itself")


def test_what_another_loop_that_stands_still_was_asked_for_has_not_begun() -> None:
    async def program() -> None:
        async def other() -> None:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asyncio.sleep(1), loop))

        loop = asyncio.get_running_loop()
        thread = threading.Thread(target=run, args=(other(),))
        thread.start()
        thread.join()

    (said,) = (said for said in explained(program) if "program.other)" in said)
    assert said.endswith(": waits for the result of a coroutine that its loop, which stands still, has not begun")


async def stubborn() -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    await asyncio.Event().wait()


@pytest.mark.parametrize("seconds", [0, 1])
def test_who_goes_on_after_its_time_is_over_is_named(seconds: float) -> None:
    async def program() -> None:
        task = asyncio.create_task(stubborn(), name="it")
        await asyncio.sleep(0)
        await asyncio.wait_for(task, seconds)

    (said,) = (said for said in explained(program) if "(test_who" in said or "program)" in said)
    assert said.endswith(", +3: waits for it (stubborn), which waits itself")


async def _end_of_an_executor() -> None:
    loop = asyncio.get_running_loop()
    left = [loop.run_in_executor(None, job) for job in (threading.Event().wait, int)]
    await left[1]
    await loop.shutdown_default_executor()


def test_the_end_of_an_executor_waits_for_the_threads_that_work() -> None:
    (said,) = (said for said in explained(_end_of_an_executor) if "(_end_of_an_executor)" in said)
    assert said.endswith(", +4: waits for the end of its executor, and so for the thread asyncio_0, which waits itself")


def test_names_are_in_the_order_of_their_numbers() -> None:
    async def program() -> None:
        ready = asyncio.Event()
        names = ["Task-1000", "Task-100", "Task-9", "Task-10", "Task-" + "9" * 5000]
        await asyncio.gather(*(asyncio.create_task(wait(ready), name=name) for name in names))

    *tasks, waits = explained(program)
    assert [said.split()[0] for said in tasks] == ["Task-9", "Task-10", "Task-100", "and"]
    assert "waits for Task-9 (wait), Task-10 (wait), Task-100 (wait) and 2 more" in waits


# ---------------------------------------------------------------- attributes of other objects


class Worker:
    def __init__(self) -> None:
        self.queue: asyncio.Queue[int] = asyncio.Queue()
        self.events = [asyncio.Event(), asyncio.Event()]
        self.by_name = {"ready": asyncio.Event(), 7: asyncio.Event()}
        self.changed = asyncio.Condition()


class Boss:
    def __init__(self) -> None:
        self.worker = Worker()

    async def listen(self) -> None:
        await self.worker.queue.get()


class Slotted:
    __slots__ = ("event", "unset")

    def __init__(self) -> None:
        self.event = asyncio.Event()


WAYS: dict[str, Callable[[Any], Coroutine[Any, Any, Any]]] = {}


def way(name: str) -> Callable[[Any], Any]:
    def note(program: Any) -> Any:
        WAYS[name] = program
        return program

    return note


@way("Queue 'worker.queue'")
async def of_a_variable() -> None:
    worker = Worker()
    await worker.queue.get()


@way("Queue 'self.worker.queue'")
async def of_an_attribute() -> None:
    await Boss().listen()


@way("Event 'worker.events[1]'")
async def of_a_list() -> None:
    worker = Worker()
    await worker.events[1].wait()


@way("Event 'by_name[\"ready\"]'")
async def of_a_dict() -> None:
    by_name = Worker().by_name
    await by_name["ready"].wait()


@way("Event 'worker.by_name[7]'")
async def of_a_number() -> None:
    worker = Worker()
    await worker.by_name[7].wait()


@way("Event 'slotted.event'")
async def of_a_slot() -> None:
    slotted = Slotted()
    await slotted.event.wait()


@way("Lock 'worker.changed'")
async def of_a_condition() -> None:
    worker = Worker()
    async with worker.changed, worker.changed:
        pass


BOSSES = [Boss()]


@way("Condition 'BOSSES[0].worker.changed'")
async def of_a_global() -> None:
    BOSSES[0].worker.changed = asyncio.Condition()
    async with BOSSES[0].worker.changed:
        await BOSSES[0].worker.changed.wait()


KEPT: set[Worker] = set()  # so that no frame has a name for it


def get_of(worker: Worker) -> Coroutine[Any, Any, int]:
    KEPT.add(worker)
    return worker.queue.get()


@way("Queue 'queue' of a Worker")
async def of_nothing_in_sight() -> None:
    await asyncio.create_task(get_of(Worker()))


@pytest.mark.parametrize(("name", "program"), WAYS.items(), ids=WAYS)
def test_what_is_waited_for_is_called_by_the_way_to_it(name: str, program: Program) -> None:
    said = explained(program)
    assert any(f" {name}: " in each for each in said), said


async def too_far() -> None:
    way_to = [[[[[asyncio.Event()]]]]]
    await way_to[0][0][0][0][0].wait()


class Hidden:
    """A program's own class that does something when it is looked at."""

    def __init__(self) -> None:
        object.__setattr__(self, "event", asyncio.Event())

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError

    def __getattr__(self, name: str) -> Any:
        raise AssertionError


async def on_guard() -> None:
    hidden = Hidden()
    await object.__getattribute__(hidden, "event").wait()


def test_a_way_that_is_long_is_not_looked_for() -> None:
    (said,) = explained(too_far)
    assert said.endswith(": waits for an Event: nothing that runs can set it")


def test_nothing_of_the_program_runs_for_a_name() -> None:
    (said,) = explained(on_guard)
    assert ": waits for Event 'hidden.event': " in said


def test_in_a_graded_run_nobody_is_looked_for_who_is_not_in_sight() -> None:
    clock, found = Clock(), list[str]()

    async def program() -> None:
        boss = Boss()
        asyncio.current_task().boss = boss  # type: ignore[union-attr]
        await of_nothing_in_sight()

    clock.on_break = lambda reason: found.extend(wait.waits_for for wait in waits_of(clock.loops, clock))
    with pytest.raises(DeadlockError), asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        runner.run(of_nothing_in_sight())
    assert not any(" of a Worker" in each for each in found)
    assert gc.isenabled()


# ---------------------------------------------------------------- who has a lock


async def the_waiter_by_hand() -> None:
    lock = asyncio.Lock()
    await lock.acquire()
    await lock.acquire()


async def take(lock: asyncio.Lock) -> None:
    await lock.acquire()


async def one_that_is_over() -> None:
    lock = asyncio.Lock()
    task = asyncio.create_task(take(lock), name="taker")
    await task
    async with lock:
        pass


async def one_that_is_gone() -> None:
    lock = asyncio.Lock()
    await asyncio.create_task(take(lock), name="taker")
    gc.collect()
    async with lock:
        pass


async def one_that_had_to_wait_for_it() -> None:
    lock = asyncio.Lock()

    async def take_later() -> None:
        await lock.acquire()
        await asyncio.Event().wait()

    async with lock:
        task = asyncio.create_task(take_later(), name="later")
        await asyncio.sleep(1)
    await asyncio.sleep(0)
    await lock.acquire()
    task.cancel()


async def several_in_a_semaphore() -> None:
    limit = asyncio.Semaphore(2)

    async def use() -> None:
        async with limit:
            await asyncio.Event().wait()

    task = asyncio.create_task(use(), name="user")
    await asyncio.sleep(0)
    async with limit, limit:
        task.cancel()


LINE = take.__code__.co_firstlineno + 1
HELD: dict[Program, str] = {
    the_waiter_by_hand: "it is held by the very task that waits for it, which took it in +2",
    one_that_is_over: f"it is held by taker (take), which took it in test_stuck_names.py, line {LINE}, and is over",
    one_that_is_gone: f"it is held by the task taker, which took it in test_stuck_names.py, line {LINE}, and is over",
    one_that_had_to_wait_for_it: "it is held by later (one_that_had_to_wait_for_it.take_later), which took it in +4",
    several_in_a_semaphore: "used up by main (several_in_a_semaphore), user (several_in_a_semaphore.use), which",
}


@pytest.mark.parametrize(("program", "held"), HELD.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_who_has_a_lock_is_named(program: Program, held: str) -> None:
    async def main() -> None:
        asyncio.current_task().set_name("main")  # type: ignore[union-attr]
        await program()

    main.__code__ = main.__code__.replace(co_firstlineno=program.__code__.co_firstlineno)
    said = explained(main)
    assert any(held in each for each in said), said


async def a_thread_that_is_over() -> None:
    lock = threading.Lock()
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    await asyncio.to_thread(lock.acquire)  # most likely with the identity of the one before


def test_a_lock_of_a_thread_that_is_over_is_not_another_s() -> None:
    said = explained(a_thread_that_is_over)
    assert any(each.endswith(": it is held by a thread that is over") for each in said), said


def test_who_took_a_lock_is_kept_on_a_clock_only_and_keeps_no_task() -> None:
    async def main() -> asyncio.Lock:
        lock = asyncio.Lock()
        assert await lock.acquire()
        return lock

    assert "_taker" in vars(run(main()))
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        assert "_taker" not in vars(runner.run(main()))


def test_a_lock_is_acquired_by_a_coroutine_as_ever() -> None:
    async def main() -> list[float]:
        lock, order = asyncio.Lock(), list[float]()
        assert asyncio.iscoroutinefunction(lock.acquire)

        async def use(seconds: float) -> None:
            assert await lock.acquire() is True
            await asyncio.sleep(seconds)
            order.append(time.monotonic())
            lock.release()

        await asyncio.gather(*map(use, (3, 2, 1)))
        return order

    assert run(main()) == [3, 5, 6]
