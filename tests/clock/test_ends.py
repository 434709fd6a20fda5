"""A loop that is run until something is complete ends in the turn in which asyncio's ends, and a Runner at its end does too."""

import asyncio
import gc
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.clock import OutsideLoop, VirtualLoop
from grader.clock.over import LimitError

Make = Callable[[], asyncio.AbstractEventLoop]
OURS: list[Make] = [VirtualLoop, OutsideLoop]
TURNS = range(5)


class Counting(VirtualLoop):
    """It counts how often it is run."""

    runs = 0

    def run_forever(self) -> None:
        self.runs += 1
        super().run_forever()


def again(seen: list[str], name: str, turns: int) -> None:
    """Take turn after turn, so that one sees how many there were."""
    seen.append(f"{name}{turns}")
    if turns:
        asyncio.get_running_loop().call_soon(again, seen, name, turns - 1)


def chains(make: Make, before: int, after: int) -> list[str]:
    """Callbacks that go on without end, begun so many turns before the end of what a Runner runs, and in each run after it."""
    seen: list[str] = []

    async def main() -> None:
        for _ in range(before):
            await asyncio.sleep(0)
        again(seen, "main", after)
        asyncio.get_running_loop().call_soon(seen.append, "and")

    def run(runner: asyncio.Runner, name: str) -> None:
        runner.run(main())
        seen.append(name)

    with asyncio.Runner(loop_factory=make) as runner:
        run(runner, "first")
        run(runner, "second")
    return [*seen, "closed"]


@pytest.mark.parametrize("make", OURS)
@pytest.mark.parametrize("after", [0, 1, 2, 3, 4, 9])
@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_runner_takes_as_many_turns_as_asyncio_s(make: Make, before: int, after: int) -> None:
    assert chains(make, before, after) == chains(asyncio.new_event_loop, before, after)


@pytest.mark.parametrize("make", OURS)
def test_a_timer_that_is_due_when_all_is_complete_is_called_in_the_last_turn(make: Make) -> None:
    def seen(make: Make) -> list[str]:
        seen: list[str] = []

        async def main() -> None:
            loop = asyncio.get_running_loop()
            loop.call_later(0, seen.append, "due")
            loop.call_later(3600, seen.append, "later")

        loop = make()
        loop.run_until_complete(main())
        loop.close()
        return seen

    assert seen(make) == seen(asyncio.new_event_loop) == ["due"]


@pytest.mark.parametrize("make", OURS)
@pytest.mark.parametrize("turns", TURNS)
def test_stop_in_the_turn_in_which_all_is_complete_is_heard_as_asyncio_hears_it(make: Make, turns: int) -> None:
    def seen(make: Make) -> list[str]:
        seen: list[str] = []

        async def main() -> None:
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.stop)
            again(seen, "main", turns)

        async def next_one() -> None:
            for _ in range(3):
                await asyncio.sleep(0)

        loop = make()
        loop.run_until_complete(main())
        seen.append("complete")
        coroutine = next_one()
        try:
            loop.run_until_complete(coroutine)
        except RuntimeError as error:
            seen.append(str(error))
            for task in asyncio.all_tasks(loop):
                task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        return seen

    assert seen(make) == seen(asyncio.new_event_loop)


@pytest.mark.parametrize("make", OURS)
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("turns", TURNS)
def test_who_stops_the_loop_in_the_first_turn_leaves_the_rest_to_the_next_run(
    make: Make, debug: bool, turns: int
) -> None:
    def seen(make: Make) -> list[str]:
        seen: list[str] = []

        async def main() -> None:
            asyncio.get_running_loop().stop()
            for turn in range(turns):
                await asyncio.sleep(0)
                seen.append(str(turn))

        loop = make()
        loop.set_debug(debug)
        task = loop.create_task(main())
        for _ in range(3):
            try:
                loop.run_until_complete(task)
                seen.append("complete")
            except RuntimeError as error:
                seen.append(str(error))
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        return seen

    assert seen(make) == seen(asyncio.new_event_loop)


@pytest.mark.parametrize("make", OURS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("turns", [0, 1])
def test_a_run_that_is_broken_off_in_its_first_turn_leaves_nothing_to_the_next(
    make: Make, error: type[BaseException], turns: int
) -> None:
    async def broken() -> None:
        asyncio.get_running_loop().call_soon(again, seen, "after", 1)
        for _ in range(turns):
            await asyncio.sleep(0)
        raise error

    seen: list[str] = []
    loop = make()
    with pytest.raises(error):
        loop.run_until_complete(broken())
    assert loop.run_until_complete(asyncio.sleep(0, "next")) == "next"
    assert seen == ["after1", "after0"]
    loop.close()


def test_who_is_broken_off_by_another_in_the_first_turn_goes_on_in_the_next_run() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    loop = VirtualLoop()
    task = loop.create_task(asyncio.sleep(1, "slept"))
    loop.call_soon(interrupt)
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(task)
    assert loop.run_until_complete(task) == "slept"
    loop.close()


@pytest.mark.parametrize("turns", [0, 1])
@pytest.mark.parametrize("beside", [0, 1])
def test_what_ends_a_run_is_raised_and_not_logged_as_well(
    turns: int, beside: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def stuck() -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        for _ in range(beside):
            threading.Thread(target=time.sleep, args=(1,)).start()
        raise clock.break_off(LimitError("enough"))

    loop = VirtualLoop()
    clock = loop.clock
    task = loop.create_task(stuck())
    with pytest.raises(LimitError):
        loop.run_until_complete(task)
    loop.close()
    del task
    gc.collect()
    assert [record.message for record in caplog.records if "never retrieved" in record.message] == []


def test_who_begins_to_watch_in_the_first_turn_sees_how_the_loop_is_stopped() -> None:
    calls: list[str] = []

    async def main() -> None:
        asyncio.get_running_loop().on_callback = lambda tick, handle: calls.append(str(handle))  # type: ignore[attr-defined]

    loop = VirtualLoop()
    loop.run_until_complete(main())
    loop.close()
    (last,) = calls
    assert "_run_until_complete_cb" in last


def test_a_loop_that_could_not_be_run_is_not_stopped_the_next_time() -> None:
    class Reluctant(VirtualLoop):
        ready = False

        def run_forever(self) -> None:
            if not self.ready:
                raise OSError("not ready")
            super().run_forever()

    loop = Reluctant()
    task = loop.create_task(asyncio.sleep(1, "slept"))
    with pytest.raises(OSError, match="not ready"):
        loop.run_until_complete(task)
    loop.ready = True
    loop.call_later(5, loop.stop)
    loop.run_forever()
    assert (task.done(), loop.time()) == (True, 5)
    loop.close()


def test_what_has_come_from_outside_is_heard_in_the_last_turn() -> None:
    def seen(make: Make) -> list[str]:
        seen: list[str] = []
        ours, theirs = socket.socketpair()

        async def main() -> None:
            asyncio.get_running_loop().add_reader(ours, seen.append, "came")
            await asyncio.sleep(0)
            theirs.send(b"x")

        with ours, theirs:
            loop = make()
            loop.run_until_complete(main())
            loop.remove_reader(ours)
            loop.close()
        return seen

    assert seen(OutsideLoop) == seen(asyncio.new_event_loop) == ["came"]


def test_what_is_complete_before_the_loop_runs_takes_one_turn() -> None:
    def seen(make: Make) -> list[str]:
        seen: list[str] = []
        loop = make()
        future = loop.create_future()
        future.set_result(None)
        loop.call_soon(again_on(loop), seen, 3)
        loop.run_until_complete(future)
        loop.close()
        return seen

    def again_on(loop: asyncio.AbstractEventLoop) -> Callable[[list[str], int], None]:
        def again(seen: list[str], turns: int) -> None:
            seen.append(str(turns))
            if turns:
                loop.call_soon(again, seen, turns - 1)

        return again

    assert seen(VirtualLoop) == seen(asyncio.new_event_loop) == ["3"]


@pytest.mark.parametrize("as_task", [False, True])
def test_a_thread_that_is_started_in_the_last_turn_gets_its_own(as_task: bool) -> None:
    seen: list[str] = []

    async def main() -> str:
        threading.Thread(target=seen.append, args=["thread"]).start()
        return "result"

    loop = VirtualLoop()
    what = loop.create_task(main()) if as_task else main()
    assert loop.run_until_complete(what) == "result"
    assert seen == ["thread"]
    loop.close()


def test_a_watched_loop_is_told_of_every_turn_to_the_last() -> None:
    calls: list[str] = []
    loop = VirtualLoop()
    loop.on_callback = lambda tick, handle: calls.append(str(handle))
    loop.run_until_complete(loop.shutdown_asyncgens())
    assert len(calls) == 2
    assert "_run_until_complete_cb" in calls[1]
    loop.close()


# ---------------------------------------------------------------- a Runner's end


def test_a_runner_with_nothing_to_shut_down_runs_its_loop_once() -> None:
    with asyncio.Runner(loop_factory=Counting) as runner:
        loop = runner.get_loop()
        runner.run(asyncio.sleep(1))
    assert isinstance(loop, Counting)
    assert loop.runs == 1
    assert loop.is_closed()


@pytest.mark.parametrize("debug", [False, True])
def test_a_runner_finishes_generators_and_threads(debug: bool) -> None:
    seen = []

    async def numbers() -> Any:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(1)
            seen.append("generator")

    async def main() -> Any:
        generator = numbers()
        await anext(generator)
        await asyncio.to_thread(seen.append, "thread")
        return generator

    with asyncio.Runner(loop_factory=VirtualLoop, debug=debug) as runner:
        kept = runner.run(main())
        pool = runner.get_loop()._default_executor  # type: ignore[attr-defined]
    assert seen == ["thread", "generator"]
    assert kept.ag_running is False
    assert pool._shutdown is True


async def yields() -> Any:
    yield 1


def test_what_was_shut_down_without_a_turn_says_so_afterwards() -> None:
    async def to_thread() -> None:
        await asyncio.get_running_loop().run_in_executor(None, print)

    async def generates() -> int:
        generator = yields()
        found = await anext(generator)
        await generator.aclose()
        return int(found)

    loop = Counting()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    assert loop.runs == 0
    with pytest.raises(RuntimeError, match="Executor shutdown has been called"):
        loop.run_until_complete(to_thread())
    with pytest.warns(ResourceWarning, match="was scheduled after loop.shutdown_asyncgens"):
        loop.run_until_complete(generates())
    loop.close()


def test_one_loop_may_run_the_shutdown_of_another() -> None:
    one, other = Counting(), Counting()
    one.run_until_complete(other.shutdown_default_executor())
    assert (one.runs, other.runs) == (1, 0)
    assert one._executor_shutdown_called is False
    assert other._executor_shutdown_called is True
    one.close()
    other.close()


def test_a_shutdown_that_was_closed_already_is_refused_as_in_asyncio() -> None:
    loop = VirtualLoop()
    shutdown: Any = loop.shutdown_asyncgens()
    shutdown.close()
    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        loop.run_until_complete(shutdown)
    loop.close()


def test_no_loop_is_shut_down_within_one_that_runs() -> None:
    async def main() -> str:
        inner = VirtualLoop()
        shutdown: Any = inner.shutdown_asyncgens()
        try:
            inner.run_until_complete(shutdown)
        except RuntimeError as error:
            return str(error)
        finally:
            shutdown.close()
            inner.close()
        return "it was"

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == "Cannot run the event loop while another loop is running"


def test_a_closed_loop_is_not_shut_down() -> None:
    loop = VirtualLoop()
    loop.close()
    shutdown: Any = loop.shutdown_asyncgens()
    with pytest.raises(RuntimeError, match="Event loop is closed"):
        loop.run_until_complete(shutdown)
    shutdown.close()


def test_a_task_factory_makes_the_tasks_of_a_shutdown() -> None:
    made = []

    def factory(loop: Any, coroutine: Any, **options: Any) -> Any:
        made.append(coroutine.__name__)
        return asyncio.Task(coroutine, loop=loop, **options)

    loop = VirtualLoop()
    loop.set_task_factory(factory)
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    assert made == ["shutdown_asyncgens"]


def test_the_task_of_another_loop_is_refused() -> None:
    one, other = VirtualLoop(), VirtualLoop()
    task = other.create_task(asyncio.sleep(0))
    with pytest.raises(ValueError, match="belongs to a different loop"):
        one.run_until_complete(task)
    other.run_until_complete(task)
    one.close()
    other.close()


# ---------------------------------------------------------------- a handler of signals


class Shown:
    """A handler that knows whether it was shown."""

    times = 0

    def __call__(self, *args: Any) -> None:
        """Nothing is done."""

    def __repr__(self) -> str:
        self.times += 1
        return "a handler"


def test_a_handler_is_not_shown_to_learn_that_it_is_none_of_the_system_s() -> None:
    handler = Shown()
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(asyncio.sleep(0))  # from the first loop on
        before: Any = signal.signal(signal.SIGUSR1, handler)
        try:
            there: Any = signal.getsignal(signal.SIGUSR1)
        finally:
            taken_down: Any = signal.signal(signal.SIGUSR1, before)
    assert there is taken_down is handler
    assert handler.times == 0
    assert before is signal.Handlers.SIG_DFL
    assert isinstance(signal.getsignal(signal.SIGUSR1), signal.Handlers)
