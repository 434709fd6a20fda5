"""Right programs in unusual dress stay right, on every Python; and a run leaves its host as it found it."""

import asyncio
import datetime
import gc
import random
import signal
import sys
import time
import timeit
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.course.model import Limits
from grader.referee.record import Record
from grader.referee.world import World
from tests.staging import in_child, in_process, rows, staged, waiting


def play(program: str, limits: Limits | None = None, *, door: Callable[..., Record] = in_process) -> Record:
    return door(program, staged(lambda world: [waiting(world)], records=("op",), limits=limits), limits)


@pytest.fixture(params=[in_process, in_child], ids=["in-process", "child"])
def door(request: pytest.FixtureRequest) -> Callable[..., Record]:
    chosen: Callable[..., Record] = request.param
    return chosen


# ---------------------------------------------------------------- time


@pytest.mark.parametrize("before", ["asyncio.run(asyncio.sleep(3))", "time.sleep(3)", "asyncio.run(demo())"])
def test_what_passes_while_the_file_is_loaded_is_not_the_entrys_time(before: str, door: Callable[..., Record]) -> None:
    program = f"""
import asyncio, time
async def demo():
    await asyncio.sleep(2)
    time.sleep(1)
async def main(op):
    time.sleep(1)
    return await op(2, "a")
{before}
"""
    record = play(program, door=door)
    assert record.elapsed == 3_000_000_000
    assert rows(record) == [("op(a)", 1, 3, "ok")]
    assert [(b.start, b.end) for b in record.facts.blocked] == [(0, 1_000_000_000)]


def test_what_a_module_took_during_a_run_is_the_real_thing_afterwards() -> None:
    program = """
import sys, types
holder = types.ModuleType("holder")
from time import monotonic, sleep
holder.monotonic, holder.sleep = monotonic, sleep
sys.modules["kept_by_a_run"] = holder
async def main(op):
    return await op(5)
"""
    for _ in range(2):
        play(program)
    holder: Any = sys.modules.pop("kept_by_a_run")
    assert abs(holder.monotonic() - time.monotonic()) < 5
    holder.sleep(0)


def test_a_module_that_is_first_imported_in_one_run_has_the_time_of_the_next() -> None:
    program = (
        """
import sys
sys.modules.pop("timeit", None)
"""
        + """
from timeit import default_timer
async def main(op):
    start = default_timer()
    await op(5)
    return default_timer() - start
"""
    )
    assert [play(program).outcome.value for _ in range(2)] == [5.0, 5.0]
    assert timeit.default_timer is not None


@pytest.mark.parametrize("far", ["10**9", "float('inf')"])
def test_a_time_limit_that_never_comes_is_no_harm(far: str, door: Callable[..., Record]) -> None:
    program = f"""
import asyncio
async def main(op):
    later = asyncio.get_running_loop().call_later({far}, print)
    async with asyncio.timeout({far}):
        return await asyncio.wait_for(op(1, "a"), {far})
"""
    assert play(program, door=door).outcome.value == "a"


# ---------------------------------------------------------------- tasks


def test_wait_for_makes_no_task_of_the_learners() -> None:
    program = "import asyncio\nasync def main(op):\n    return await asyncio.wait_for(op(1, 'a'), 100)\n"
    assert play(program).facts.tasks == 0


def test_a_task_under_a_time_limit_is_not_needless() -> None:
    program = """
import asyncio
async def main(op):
    task = asyncio.create_task(op(1))
    await asyncio.wait_for(task, 100)
"""
    assert play(program).facts.redundant == ()


def test_a_callback_of_the_makers_own_is_not_an_await() -> None:
    program = """
import asyncio
async def main(op):
    task = asyncio.create_task(op(1))
    task.add_done_callback(asyncio.current_task().get_name)
    await op(2)
    await task
"""
    assert play(program).facts.redundant == ()


def test_tasks_have_names_of_their_own() -> None:
    program = """
import asyncio
async def main(op):
    tasks = [asyncio.create_task(op(1)), asyncio.create_task(op(1), name="mine")]
    await asyncio.wait(tasks)
    return [task.get_name() for task in tasks]
"""
    assert play(program).outcome.value == ["Task-2", "mine"]


def test_asking_many_tasks_once_is_no_busy_loop() -> None:
    program = """
import asyncio
async def worker(op, tasks):
    await op(1)
    return sum(not task.done() for task in tasks)
async def main(op):
    tasks = []
    tasks += [asyncio.create_task(worker(op, tasks)) for _ in range(150)]
    return sorted(await asyncio.gather(*tasks)) == list(range(1, 151))
"""
    assert play(program).outcome.value is True


def test_what_the_world_gives_looks_like_a_coroutine_function() -> None:
    program = """
import asyncio, inspect
async def main(op):
    return inspect.iscoroutinefunction(op), asyncio.iscoroutinefunction(op), inspect.iscoroutinefunction(print)
"""
    assert play(program).outcome.value == (True, True, False)


def test_sets_of_futures_have_one_order() -> None:
    program = """
import asyncio
async def main(op):
    done, _ = await asyncio.wait({asyncio.shield(asyncio.create_task(op(1, n))) for n in range(20)})
    return [future.result() for future in done]
"""
    assert len({str(play(program).outcome.value) for _ in range(4)}) == 1


def test_a_waiting_comprehension_is_part_of_its_function() -> None:
    program = """
import asyncio
async def main(op):
    queue = asyncio.Queue()
    return [await queue.get() for _ in range(3)]
"""
    assert [wait.function for wait in play(program).facts.waiting] == ["main"]


# ---------------------------------------------------------------- what a program prints, and leaves


def test_standard_output_is_a_text_stream_like_any(door: Callable[..., Record]) -> None:
    program = """
import sys
async def main(op):
    sys.stdout.reconfigure(line_buffering=True)
    sys.stdout.buffer.write("bytes h\\u00e9\\n".encode())
    print("text")
    try:
        sys.stdout.write(b"abc")
    except TypeError:
        return sys.stdout.isatty(), sys.stdout.writable()
"""
    record = play(program, door=door)
    assert record.outcome.value == (False, True)
    assert record.facts.output == "bytes hé\ntext\n"


def test_a_finaliser_is_heard_in_its_own_run(capsys: pytest.CaptureFixture[str]) -> None:
    program = """
class Loud:
    def __del__(self):
        print("gone")
kept = Loud()
async def main(op):
    pass
"""
    assert play(program).facts.output == "gone\n"
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_a_finaliser_without_end_is_ended() -> None:
    program = """
class Endless:
    def __del__(self):
        while True: pass
kept = Endless()
async def main(op):
    return await op(1, "a")
"""
    assert play(program).outcome.value == "a"


@pytest.mark.slow
def test_a_clean_up_that_computes_loses_nothing_of_a_run_that_was_right(door: Callable[..., Record]) -> None:
    program = """
import asyncio
async def slow():
    try:
        await asyncio.sleep(1000)
    finally:
        while True: pass
async def main(op):
    task = asyncio.create_task(slow())
    return await op(1, "a")
"""
    record = play(program, Limits(cpu_seconds=0.5), door=door)
    assert (record.outcome.kind, record.outcome.value) == ("result", "a")


def test_attributes_that_change_before_anybody_looks_are_not_lost(door: Callable[..., Record]) -> None:
    class Process:
        shows = ("returncode",)

        def __init__(self, world: World) -> None:
            self.returncode = None
            self.world, self.over = world, world.event()

        async def live(self) -> None:
            await self.world.sleep(1)
            self.world.publish(self, returncode=0)
            self.over.set()

        async def wait(self) -> None:
            await self.over.wait()

    def build(world: World) -> list[Any]:
        async def start() -> Process:
            await world.sleep(0.5)
            process = Process(world)
            world.start(process.live(), "life", "x")
            return process

        return [world.function(start, "start")]

    program = """
import asyncio, time
async def main(start):
    task = asyncio.create_task(start())
    await asyncio.sleep(0)
    time.sleep(30)
    process = await task
    await process.wait()
    return process.returncode
"""
    assert door(program, staged(build, records=("start",))).outcome.value == 0


# ---------------------------------------------------------------- the host


@pytest.fixture(autouse=True)
def nothing_frozen() -> None:
    """3.12 begins with some of its own objects frozen, which a run gives back to the collector; that is no trace of it."""
    gc.unfreeze()


def host() -> tuple[Any, ...]:
    return (
        time.sleep,
        time.time,
        time.monotonic,
        datetime.datetime,
        asyncio.run,
        asyncio.as_completed,
        asyncio.get_event_loop_policy(),
        sys.stdout,
        sys.stderr,
        sys.get_coroutine_origin_tracking_depth(),
        sys.get_asyncgen_hooks(),
        warnings.filters[:],
        warnings._warn_unawaited_coroutine,  # type: ignore[attr-defined]
        random.getstate(),
        gc.isenabled(),
        gc.get_freeze_count(),
        {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGPROF, signal.SIGALRM)},
        signal.getitimer(signal.ITIMER_PROF),
        "program" in sys.modules,
    )


@pytest.mark.parametrize(
    "ending",
    [
        "return await op(1)",
        "raise KeyError",
        "await asyncio.Event().wait()",
        "while True: pass",
        "import sys; sys.exit()",
    ],
)
def test_a_run_leaves_its_host_as_it_was(ending: str) -> None:
    before = host()
    play(f"import asyncio\nasync def main(op):\n    {ending}\n", Limits(cpu_seconds=0.2))
    assert host() == before


def test_ctrl_c_is_the_users_and_ends_everything() -> None:
    before = host()
    program = """
import asyncio, os, signal
async def main(op):
    asyncio.get_running_loop().call_later(0.5, os.kill, os.getpid(), signal.SIGINT)
    try:
        await op(5)
    except BaseException:
        await op(5)
"""
    with pytest.raises(KeyboardInterrupt):
        play(program)
    assert host() == before


def test_a_loop_that_runs_around_stands_aside() -> None:
    async def notebook() -> Record:
        record = play("async def main(op):\n    return await op(1, 'a')\n")
        await asyncio.sleep(0)
        return record

    assert asyncio.run(notebook()).outcome.value == "a"


WAITS = "import select\nasync def main(op):\n    select.select([], [], [])\n"


@pytest.fixture
def hosts_alarm() -> Iterator[Callable[[float], None]]:
    """Sets an alarm as a test runner does, in the place of the one that guards this test; it hears nothing of it."""
    handler, before = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    signal.signal(signal.SIGALRM, lambda *_: None)

    yield lambda seconds, again=0.0: signal.setitimer(signal.ITIMER_REAL, seconds, again)  # type: ignore[misc]
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, *before)


def test_a_program_that_waits_in_real_time_is_ended_in_both_places(door: Callable[..., Record]) -> None:
    seconds = 0.2 if door is in_process else 2  # of which a child needs some to start
    record = play(WAITS, Limits(wall_seconds=seconds), door=door)
    assert record.outcome.kind == "time_out"
    assert record.outcome.detail == f"waits in real time for more than {seconds:g} s"
    assert record.facts.spinning is not None
    assert record.facts.spinning.line == 3


def test_a_test_runners_alarm_is_held_back_and_set_again(hosts_alarm: Callable[[float], None]) -> None:
    hosts_alarm(60)
    assert play(WAITS, Limits(wall_seconds=0.2)).outcome.kind == "time_out"
    left, again = signal.getitimer(signal.ITIMER_REAL)
    assert 0 < left < 60 - 0.2
    assert again == 0


def test_a_test_runners_alarm_that_comes_first_ends_the_run_a_little_earlier(
    hosts_alarm: Callable[[float], None],
) -> None:
    hosts_alarm(0.5)
    record = play(WAITS, Limits(wall_seconds=20))
    seconds = float(record.outcome.detail.removeprefix("waits in real time for more than ").removesuffix(" s"))
    assert record.outcome.kind == "time_out"
    assert 0.4 < seconds < 0.5


def test_an_alarm_that_rings_again_and_again_is_let_alone(hosts_alarm: Callable[..., None]) -> None:
    hosts_alarm(50, 50)
    assert play("async def main(op):\n    return await op(1, 'a')\n").outcome.value == "a"
    left, again = signal.getitimer(signal.ITIMER_REAL)
    assert 49 < left <= 50
    assert again == 50


def test_where_a_debugger_is_at_work_nobody_is_hurried(
    hosts_alarm: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pydevd", types.ModuleType("pydevd"))
    program = "import select\nasync def main(op):\n    return select.select([], [], [], 0.3)\n"
    assert play(program, Limits(wall_seconds=0.1)).outcome.kind == "result"


def test_a_breakpoint_suspends_the_hosts_limits_too(
    hosts_alarm: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled = []
    monkeypatch.setattr("faulthandler.cancel_dump_traceback_later", lambda: cancelled.append("the last resort"))
    monkeypatch.setattr(sys, "breakpointhook", lambda *_: None)
    hosts_alarm(60)
    assert play("async def main(op):\n    breakpoint()\n    return 'a'\n").outcome.value == "a"
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert cancelled == ["the last resort"]


def test_a_run_in_process_begins_without_an_event_loop_whatever_ran_before() -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(asyncio.sleep(1))
    program = """
import asyncio
async def nothing():
    return 'ran'
def main(op):
    return asyncio.get_event_loop().run_until_complete(nothing())
"""
    stage = staged(lambda world: [waiting(world)], kind="function")
    assert in_process(program, stage).outcome.value == "ran"
