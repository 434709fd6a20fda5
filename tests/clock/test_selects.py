"""Threads of a run that wait by `select`: asyncio's own loop on its own selector, and loops of a program's."""

import asyncio
import concurrent.futures
import contextlib
import os
import select
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from grader.clock import Outside, OutsideLoop, clock, hygiene, surroundings
from grader.clock.library import timepatch
from grader.clock.over import BusyLoopError, DeadlockError, LivelockError, RefusedError
from grader.clock.threads import descendants, inside, lookout, selects
from tests.clock.running import now, run


def on_its_own(program: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """In a loop of asyncio's own."""
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(program())


def beside(*works: Callable[[], Any]) -> list[Any]:
    """What these give, each in a thread beside the others."""

    async def main() -> list[Any]:
        return await asyncio.gather(*map(asyncio.to_thread, works))

    return list(run(main()))


# ---------------------------------------------------------------- asyncio's own loop


def test_a_selector_loop_in_a_thread_waits_in_virtual_time() -> None:
    async def sleep() -> float:
        await asyncio.sleep(0.1)
        await asyncio.sleep(3600.2)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 10)
        return now()

    def work() -> tuple[float, float]:
        return on_its_own(sleep), time.monotonic()

    assert beside(work, lambda: time.sleep(7200)) == [(3610.3, 3610.3), None]


def test_also_where_a_loop_with_an_outside_has_run_before() -> None:
    async def sleep() -> float:
        await asyncio.sleep(3600)
        return now()

    with asyncio.Runner(loop_factory=OutsideLoop) as runner:
        runner.run(asyncio.sleep(1))
    assert beside(lambda: on_its_own(sleep)) == [3600]


def test_other_threads_give_it_work_at_their_time() -> None:
    started = threading.Event()
    loops = list[asyncio.AbstractEventLoop]()

    async def serve() -> list[float]:
        loops.append(asyncio.get_running_loop())
        started.set()
        await asyncio.to_thread(time.sleep, 5)
        return [now()]

    async def answer() -> float:
        await asyncio.sleep(1)
        return now()

    def ask() -> float:
        started.wait()
        time.sleep(2)
        return asyncio.run_coroutine_threadsafe(answer(), loops[0]).result()

    assert beside(lambda: on_its_own(serve), ask) == [[5], 3]


def test_what_its_tasks_wait_for_is_told_in_a_deadlock() -> None:
    async def wait() -> None:
        ready = asyncio.Event()
        await ready.wait()

    with pytest.raises(
        DeadlockError, match=r"wait\), test_selects.py, line \d+: waits for Event 'ready': nothing that runs"
    ):
        beside(lambda: on_its_own(wait))


def test_its_livelock_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    async def turn() -> None:
        asyncio.get_running_loop().set_debug(False)
        while True:
            await asyncio.sleep(0)

    async def main() -> None:
        asyncio.get_running_loop().clock.max_turns = 1000  # type: ignore[attr-defined]
        await asyncio.to_thread(on_its_own, turn)

    with pytest.raises(LivelockError, match=r"(?s)while the clock stood still; .*turn\), test_selects.py, line"):
        run(main())


def test_its_server_is_found_by_a_thread_that_is_on_the_clock(no_children: None) -> None:
    def client() -> tuple[bytes, float]:
        time.sleep(1)
        with socket.create_connection(address.result()) as connection:
            connection.sendall(b"hello\n")
            return connection.recv(9), time.monotonic()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        await asyncio.sleep(3600)
        writer.write(line.upper())
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        address.set_result(server.sockets[0].getsockname())
        await asyncio.sleep(7200)
        server.close()

    address = concurrent.futures.Future[Any]()
    assert beside(lambda: on_its_own(serve), client) == [None, (b"HELLO\n", 3601)]


def test_a_server_that_others_may_come_to_is_refused_with_the_line_that_runs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inside, "may_write", lambda descriptors: True)

    async def serve() -> None:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        async with server:
            await server.serve_forever()

    line = on_its_own.__code__.co_firstlineno + 3
    told = (
        rf"^asyncio.SelectorEventLoop \(test_selects.py, line {line}\) needs descriptors of the system, which a Virtual"
    )
    with pytest.raises(RefusedError, match=told):
        beside(lambda: on_its_own(serve))


def test_who_runs_it_does_not_hold_up_its_event_loop() -> None:
    async def sleep() -> None:
        await asyncio.sleep(1)

    with hygiene():
        beside(lambda: on_its_own(sleep))


# ---------------------------------------------------------------- a program's own loop


@pytest.fixture
def no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever tests before have left running in this process has none of these descriptors."""
    monkeypatch.setattr(inside, "may_write", lambda descriptors: False)


@pytest.mark.usefixtures("no_children")
def test_a_pipe_of_the_process_s_own_is_waited_for_in_virtual_time() -> None:
    for ends in (os.pipe(), tuple(end.detach() for end in socket.socketpair())):
        reading, writing = ends

        def read(descriptor: int = reading) -> tuple[float, bytes]:
            select.select([descriptor], [], [])
            return time.monotonic(), os.read(descriptor, 9)

        def write(descriptor: int = writing) -> None:
            time.sleep(3600)
            os.write(descriptor, b"hello")

        assert beside(read, write) == [(3600, b"hello"), None]
        for end in ends:
            os.close(end)


@pytest.mark.usefixtures("no_children")
@pytest.mark.parametrize("kind", [selectors.DefaultSelector, selectors.SelectSelector, selectors.PollSelector])
def test_a_selector_that_waits_in_vain_takes_its_virtual_time(kind: Callable[[], selectors.BaseSelector]) -> None:
    def wait() -> tuple[list[Any], float]:
        here, there = socket.socketpair()
        with here, there, kind() as selector:
            selector.register(here, selectors.EVENT_READ)
            return selector.select(3600), time.monotonic()

    assert beside(wait) == [([], 3600)]


def test_who_counts_what_is_left_of_its_time_comes_to_an_end_with_whatever_descriptor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inside, "may_write", lambda descriptors: True)

    def wait() -> float:
        with socket.create_server(("127.0.0.1", 0)) as server:
            end = time.monotonic() + 0.01
            while (left := end - time.monotonic()) > 0:
                select.select([server], [], [], left)
        return time.monotonic()

    assert beside(wait, lambda: time.sleep(1)) == [0.01, None]


@pytest.mark.usefixtures("no_children")
def test_the_event_loop_that_is_held_up_is_told() -> None:
    async def main() -> None:
        here, there = socket.socketpair()
        with here, there:
            select.select([here], [], [], 5)

    with hygiene(strict=False) as findings:
        run(main())
    assert [finding.detail for finding in findings] == ["select.select held up the event loop for 5 s"]


@pytest.mark.usefixtures("no_children")
def test_who_looks_again_and_again_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MAX_POLLS", 100)

    def spin() -> None:
        here, there = socket.socketpair()
        with here, there:
            while not select.select([here], [], [], 0)[0]:
                pass

    with pytest.raises(
        BusyLoopError, match=r"test_selects.py, line \d+: asks select.select without waiting again and again"
    ):
        beside(spin)


@pytest.mark.usefixtures("no_children")
def test_who_waits_for_ever_is_told() -> None:
    def wait() -> None:
        here, there = socket.socketpair()
        with here, there:
            select.select([here], [], [])

    told = r"test_selects.py, line \d+: waits for what select.select looks at: nothing that runs can write to it"
    with pytest.raises(DeadlockError, match=told):
        beside(wait)


@pytest.mark.parametrize("given", [(), ([],), ([], [], [], "x"), ([], [], [], -1), (1, [], [], 0), ([], [], [], 0, 1)])
def test_what_it_cannot_take_is_the_same_error(given: Any) -> None:
    with pytest.raises((TypeError, ValueError)) as real:
        select.select(*given)
    with pytest.raises(type(real.value)) as ours:
        beside(lambda: select.select(*given))
    assert str(ours.value) == str(real.value)


CHILD = "import time; time.sleep(0.05); print('hello')"


def test_what_a_child_writes_to_a_pipe_that_it_was_given_is_waited_for_really() -> None:
    reading, writing = os.pipe()
    writes = f"import os; os.write({writing}, b'hello')"

    def read() -> tuple[bytes, float]:
        with subprocess.Popen([sys.executable, "-c", writes], pass_fds=[writing]):
            select.select([reading], [], [])
            return os.read(reading, 9), time.monotonic()

    assert beside(read) == [(b"hello", 0)]
    for end in (reading, writing):
        os.close(end)


def test_a_child_is_waited_for_in_real_time() -> None:
    def talk() -> tuple[bytes, float]:
        child = subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE)
        return child.communicate(timeout=60)[0], time.monotonic()

    assert beside(talk) == [(b"hello\n", 0)]


@contextlib.contextmanager
def child_with(*descriptors: int) -> Iterator[None]:
    """A process that waits, and has these; of others that tests may have left nothing is seen."""
    real = descendants._processes
    wait = [sys.executable, "-S", "-c", "input()"]
    with (
        pytest.MonkeyPatch.context() as patched,
        subprocess.Popen(wait, stdin=subprocess.PIPE, pass_fds=descriptors) as child,
    ):
        seen = (child.pid, os.getpid())
        patched.setattr(descendants, "_processes", lambda: [each for each in real() if each.pid in seen])
        yield
        child.communicate(b"\n")


def _never(*_: Any) -> None:
    raise AssertionError("it waited really")


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


@pytest.fixture
def pair() -> Iterator[tuple[int, int]]:
    left, right = socket.socketpair()
    with left, right:
        yield left.fileno(), right.fileno()


@pytest.mark.parametrize("kind", ["pipe", "pair"])
def test_a_child_that_has_not_got_it_does_not_matter(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = request.getfixturevalue(kind)
    monkeypatch.setattr(selects, "_wait_really", _never)

    def wait() -> tuple[Any, float]:
        with child_with():
            return select.select([reading], [], [], 3600), time.monotonic()

    def write() -> None:
        time.sleep(60)
        os.write(writing, b"x")

    if sys.platform == "linux":
        assert beside(wait, write)[0] == (([reading], [], []), 60)


@pytest.mark.parametrize("kind", ["pipe", "pair"])
def test_one_that_has_it_is_waited_for_really_and_so_is_one_that_cannot_be_seen(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = request.getfixturevalue(kind)
    with child_with(writing):
        assert descendants.may_write([reading])
    with child_with():
        assert descendants.may_write([reading]) is (sys.platform != "linux")
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(descendants, "_PROC", "/nowhere")
            assert descendants.may_write([reading])
            elsewhere.undo()
            elsewhere.setattr(descendants, "_processes", list)
            assert descendants.may_write([reading])


def test_who_came_from_a_child_counts_as_well() -> None:
    inner = [sys.executable, "-S", "-c", "print(flush=True); input()"]
    outer = [sys.executable, "-S", "-c", f"import subprocess; subprocess.run({inner!r})"]
    with subprocess.Popen(outer, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()  # the inner one is there
        parents = {each.parent for each in descendants._came_from_here()} if sys.platform == "linux" else {child.pid}
        child.communicate(b"\n")
    assert child.pid in parents


class Leased:
    def block(self, at: int, to: int) -> int:
        return to

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int, int | None, list[Any]]:
        return at, None, []


def test_in_an_exercise_it_is_waited_for_in_real_time_up_to_the_limit() -> None:
    with surroundings.on(clock.Clock(Leased())):
        assert select.select([], [], [], 0.001) == ([], [], [])
        assert time.monotonic() == 0


def test_who_waits_for_nothing_sleeps() -> None:
    assert beside(lambda: (select.select([], [], [], 3600), time.monotonic())) == [(([], [], []), 3600)]


# ---------------------------------------------------------------- a loop with an outside


@pytest.mark.parametrize("threaded", [False, True])
def test_real_time_that_has_passed_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch, threaded: bool) -> None:
    waited = list[float]()

    def wait(self: Any, loops: Any, seconds: float) -> bool:
        waited.append(seconds)
        return real(self, loops, seconds)

    real = lookout.Lookout._wait
    monkeypatch.setattr(lookout.Lookout, "_wait", wait)
    surroundings.see_to_it()
    monkeypatch.setitem(timepatch.REAL, "sleep", waited.append)

    def talk() -> float:
        with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=subprocess.PIPE) as child:
            with pytest.raises(subprocess.TimeoutExpired):
                child.communicate(timeout=0.02)
            seen = time.monotonic()
            waited.append(-1)
            child.kill()
        return seen

    async def main() -> float:
        return await asyncio.to_thread(talk) if threaded else talk()

    with asyncio.Runner(loop_factory=lambda: OutsideLoop(outside=Outside(grace=7, patience=60))) as runner:
        assert runner.run(main()) == pytest.approx(0.02, abs=0.02)
    assert set(waited[: waited.index(-1)]) <= ({60} if threaded else set())  # while nobody knew of a time
