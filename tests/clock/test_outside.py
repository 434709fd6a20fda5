"""A loop with an outside: what comes from there is waited for in real time, and takes no virtual time."""

import asyncio
import multiprocessing.connection
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from grader.clock import Outside, OutsideLoop
from grader.clock.clock import Clock
from grader.clock.over import DeadlockError

IMPATIENT = Outside(grace=0, patience=0)


def run(coroutine: Coroutine[Any, Any, Any], outside: Outside | None = None) -> Any:
    with asyncio.Runner(loop_factory=lambda: OutsideLoop(outside=outside)) as runner:
        return runner.run(coroutine)


def now() -> float:
    return asyncio.get_running_loop().time()


def here() -> OutsideLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, OutsideLoop)
    return loop


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Each line is sent back a hundredth of a second after it came."""
    while line := await reader.readline():
        await asyncio.sleep(0.01)
        writer.write(line)
    writer.close()


def ask(address: tuple[str, int], *lines: bytes) -> list[bytes]:
    """A client that blocks."""
    with socket.create_connection(address) as connection, connection.makefile("rb") as answers:
        answered = []
        for line in lines:
            connection.sendall(line)
            answered.append(answers.readline())
        return answered


# ---------------------------------------------------------------- what it costs


def test_a_loop_that_stays_inside_makes_no_selector_and_no_descriptor() -> None:
    async def main() -> tuple[object, float]:
        await asyncio.sleep(5)
        await asyncio.to_thread(time.sleep, 5)
        return here().selector, now()

    before = len(os.listdir("/dev/fd"))
    loop = OutsideLoop()
    assert len(os.listdir("/dev/fd")) == before
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(main()) == (None, 10)
        assert len(os.listdir("/dev/fd")) == before


def test_the_last_loop_that_closes_closes_all_that_was_made() -> None:
    async def main() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        server.close()
        await asyncio.to_thread(time.sleep, 1)

    before = len(os.listdir("/dev/fd"))
    run(main())
    assert len(os.listdir("/dev/fd")) == before


# ---------------------------------------------------------------- sockets


def test_a_server_and_a_client_on_one_loop_talk_at_exact_times() -> None:
    async def main() -> list[float]:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        times = []
        for _ in range(3):
            writer.write(b"hello\n")
            assert await reader.readline() == b"hello\n"
            times.append(now())
        writer.close()
        await writer.wait_closed()
        server.close()
        return times

    assert run(main()) == [0.01, 0.02, 0.03]


def test_a_blocking_client_in_a_thread_does_not_keep_the_loop_from_answering() -> None:
    async def main() -> tuple[list[bytes], list[bytes], float]:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        one, two = await asyncio.gather(
            asyncio.to_thread(ask, address, b"a\n", b"b\n"), asyncio.to_thread(ask, address, b"c\n")
        )
        server.close()
        return one, two, now()

    assert run(main(), Outside(grace=0.2)) == ([b"a\n", b"b\n"], [b"c\n"], 0.02)


def test_two_loops_in_two_threads_talk_to_each_other() -> None:
    async def client(address: tuple[str, int]) -> bytes:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"hello\n")
        answer = await reader.readline()
        writer.close()
        return answer

    async def main() -> tuple[bytes, float]:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        answer = await asyncio.to_thread(lambda: asyncio.run(client(server.sockets[0].getsockname())))
        server.close()
        return answer, now()

    assert run(main()) == (b"hello\n", 0.01)


def test_a_time_out_of_the_system_that_passes_has_taken_its_virtual_time() -> None:
    def wait() -> float:
        here, there = socket.socketpair()
        with here, there:
            here.settimeout(0.01)
            with pytest.raises(TimeoutError):
                here.recv(1)
        return time.monotonic()

    async def main() -> float:
        return await asyncio.to_thread(wait)

    assert run(main()) == 0.01


def test_a_thread_that_reads_from_a_pipe_does_not_keep_the_loop_from_writing_to_it() -> None:
    async def main() -> bytes:
        reading, writing = os.pipe()
        try:
            job = asyncio.create_task(asyncio.to_thread(os.read, reading, 1))
            await asyncio.sleep(0.001)
            os.write(writing, b"x")
            return await job
        finally:
            os.close(reading)
            os.close(writing)

    assert run(main()) == b"x"


def test_looking_again_and_again_whether_something_came_comes_to_an_end() -> None:
    async def main() -> int:
        reading, writing = multiprocessing.connection.Pipe(duplex=False)
        with reading, writing:
            return len(multiprocessing.connection.wait([reading], 0))

    assert run(main()) == 0


# ---------------------------------------------------------------- children and signals


async def python(program: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdin=pipe, stdout=pipe)


def test_a_child_is_waited_for_although_a_timer_is_set() -> None:
    async def main() -> tuple[bytes, int | None, bool]:
        child = await python("print(input() + '!')")
        out, _ = await asyncio.wait_for(child.communicate(b"hello\n"), 1e6)
        return out, child.returncode, now() < 1e6

    assert run(main(), Outside(patience=60)) == (b"hello!\n", 0, True)


def test_a_child_that_does_not_end_is_waited_for_only_so_long() -> None:
    async def main() -> tuple[float, int]:
        child = await python("input()")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(child.wait(), 3600)
        time_out = now()
        child.kill()
        lookout = here().clock.lookout
        assert lookout is not None
        lookout.outside = Outside()
        return time_out, await child.wait()

    assert run(main(), Outside(grace=0, patience=0.01)) == (3600, -signal.SIGKILL)


def forked() -> int:
    """A child that ends when it reads something."""
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(reading)
        os.write(writing, b"x")
        os.close(writing)
        return pid
    os.read(reading, 1)
    os._exit(0)


def started() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.returncode = 0  # it is waited for elsewhere
    return child.pid


@pytest.mark.parametrize("start", [forked, started])
def test_a_child_that_the_loop_does_not_know_has_its_time_too(start: Callable[[], int]) -> None:
    def wait() -> float:
        pid = start()
        while not os.waitpid(pid, os.WNOHANG)[0]:
            time.sleep(1)
        return time.monotonic()

    async def main() -> list[float]:
        return [wait(), await asyncio.to_thread(wait)]

    here, in_thread = run(main())
    assert here < 100
    assert in_thread < 200


def test_a_signal_wakes_a_loop_that_waits() -> None:
    async def main() -> float:
        came = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, came.set)
        threading.Timer(0, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        await came.wait()
        return now()

    assert run(main()) == 0


def test_an_interrupt_ends_a_loop_that_waits() -> None:
    async def main() -> None:
        threading.Timer(0, os.kill, (os.getpid(), signal.SIGINT)).start()
        await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        run(main())


def test_an_interrupt_ends_a_loop_that_waits_with_a_thread_of_its_own() -> None:
    async def main(promise: threading.Event) -> None:
        threading.Timer(0, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            await asyncio.to_thread(promise.wait)
        finally:
            promise.set()

    with pytest.raises(KeyboardInterrupt):
        run(main(threading.Event()))


def test_an_alarm_that_is_set_comes_before_a_later_timer() -> None:
    async def main() -> bool:
        came = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGALRM, came.set)
        before = signal.setitimer(signal.ITIMER_REAL, 0.01)
        try:
            await asyncio.wait_for(came.wait(), 1000)
        finally:
            signal.setitimer(signal.ITIMER_REAL, *before)
        return came.is_set()

    handler = signal.getsignal(signal.SIGALRM)
    try:
        assert run(main())
    finally:
        signal.signal(signal.SIGALRM, handler)


# ---------------------------------------------------------------- threads that are not on the clock


@pytest.fixture
def foreign() -> Any:
    """A pool whose thread was there before the loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
        yield pool


def test_a_thread_that_was_there_before_wakes_a_loop_that_waits(foreign: ThreadPoolExecutor) -> None:
    async def main() -> tuple[str, float]:
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        waits = threading.Lock()
        waits.acquire()

        def call() -> None:
            waits.acquire()
            loop.call_soon_threadsafe(answer.set_result, "answer")

        foreign.submit(call)
        loop.call_soon(loop.call_soon, waits.release)
        return await answer, now()

    assert run(main()) == ("answer", 0)


def test_a_thread_without_an_object_of_threading_wakes_it_too() -> None:
    import _thread

    async def main() -> str:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()
        _thread.start_new_thread(lambda: loop.call_soon_threadsafe(answer.set_result, "answer"), ())
        return await answer

    assert run(main()) == "answer"


def test_a_job_of_a_foreign_pool_is_waited_for_although_a_timer_is_set(foreign: ThreadPoolExecutor) -> None:
    async def main() -> tuple[int, float]:
        loop = asyncio.get_running_loop()
        answer = await asyncio.wait_for(loop.run_in_executor(foreign, int, "42"), 3600)
        return answer, now()

    assert run(main()) == (42, 0)


def test_a_coroutine_is_run_for_a_foreign_thread(foreign: ThreadPoolExecutor) -> None:
    async def later() -> float:
        await asyncio.sleep(0.01)
        return now()

    def call(loop: asyncio.AbstractEventLoop) -> float:
        return asyncio.run_coroutine_threadsafe(later(), loop).result()

    async def main() -> float:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(foreign, call, loop)

    assert run(main()) == 0.01


def test_a_thread_that_comes_back_when_the_run_is_over_goes_on_in_the_next_one() -> None:
    async def first(reading: socket.socket) -> "asyncio.Future[bytes]":
        job = asyncio.get_running_loop().run_in_executor(None, reading.recv, 1)
        await asyncio.sleep(0.001)
        return job

    async def second(job: "asyncio.Future[bytes]") -> bytes:
        await asyncio.sleep(0.001)
        return await job

    reading, writing = socket.socketpair()
    with reading, writing, asyncio.Runner(loop_factory=OutsideLoop) as runner:
        job = runner.run(first(reading))
        writing.send(b"x")
        assert runner.run(second(job)) == b"x"


# ---------------------------------------------------------------- its limits


def test_when_nothing_comes_from_outside_it_is_a_deadlock() -> None:
    async def main() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        async with server:
            await asyncio.Event().wait()

    expected = "^nothing can ever run again; nothing came from outside in 0 s of real time:\n  .*: waits for an Event"
    with pytest.raises(DeadlockError, match=expected):
        run(main(), IMPATIENT)


def test_a_clock_whose_time_is_leased_has_no_outside() -> None:
    class Lender:
        def block(self, at: int, to: int) -> int | None: ...

        def idle(self, at: int, timer: int | None, number: int) -> Any: ...

    with pytest.raises(ValueError, match="^a clock whose time is leased has no outside;"):
        OutsideLoop(Clock(Lender()))


async def waits_for_its_own_loop() -> None:
    async def answer() -> int:
        return 1

    asyncio.run_coroutine_threadsafe(answer(), here()).result()


async def waits_for_its_own_callback() -> None:
    ready = threading.Event()
    here().call_soon(ready.set)
    ready.wait()


@pytest.mark.parametrize("program", [waits_for_its_own_loop, waits_for_its_own_callback])
def test_a_loop_that_waits_for_what_it_would_have_to_run_itself_is_told(program: Callable[[], Any]) -> None:
    with pytest.raises(DeadlockError, match=f"{program.__name__}\\), test_outside.py, line \\d+: waits for"):
        run(program(), IMPATIENT)


def test_one_that_waits_for_no_longer_than_it_said_goes_on() -> None:
    async def main() -> tuple[float, bool]:
        ready = threading.Event()
        here().call_soon(ready.set)
        ready.wait(5)
        seen = now()
        await asyncio.sleep(0)
        return seen, ready.is_set()

    assert run(main(), IMPATIENT) == (5, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_child_of_a_thread_of_the_run_hears_the_signals_that_the_thread_does_not(number: signal.Signals) -> None:
    def start() -> int:
        with subprocess.Popen(
            [sys.executable, "-Sc", "import signal; signal.pause()"], stderr=subprocess.DEVNULL
        ) as child:
            child.send_signal(number)
            return child.wait()

    async def main() -> int:
        return await asyncio.to_thread(start)

    assert run(main()) == -number


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_process_that_a_thread_of_the_run_forks_blocks_no_signal() -> None:
    def fork() -> int:
        pid = os.fork()
        if pid == 0:
            os._exit(len(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    async def main() -> int:
        return await asyncio.to_thread(fork)

    assert run(main()) == 0
