"""The same program through both doors: the same record, byte for byte."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.referee.record import Record
from grader.referee.world import World
from grader.run.stage import Stage
from tests.staging import bytes_of, in_child, in_process, rows, staged, waiting


def stage() -> Stage:
    return staged(lambda world: [waiting(world)], records=("op",))


PROGRAMS = {
    "together": """
import asyncio
async def main(op):
    return await asyncio.gather(op(1, "a"), op(2, "b"))
""",
    "by name": """
async def main(op):
    return await op(what="a", seconds=1)
""",
    "frozen": """
import asyncio, time
async def main(op):
    task = asyncio.create_task(op(1))
    await asyncio.sleep(0.5)
    time.sleep(3)
    await task
    return asyncio.get_running_loop().time()
""",
    "cancelled": """
import asyncio
async def main(op):
    task = asyncio.create_task(op(5))
    await asyncio.sleep(2)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return asyncio.get_running_loop().time()
""",
    "deadlock": """
import asyncio
async def reader(queue):
    await queue.get()
async def main(op):
    await op(1)
    await asyncio.create_task(reader(asyncio.Queue()))
""",
    "own runs": """
import asyncio
def main(op):
    return [asyncio.run(op(1, "a")), asyncio.run(op(2, "b"))]
""",
    "left behind": """
import asyncio
async def main(op):
    tasks = [asyncio.create_task(op(n)) for n in range(1, 4)]
    await tasks[0]
    return "early"
""",
    "sets of tasks": """
import asyncio
async def main(op):
    done, pending = await asyncio.wait({asyncio.create_task(op(n % 3, n)) for n in range(20)})
    return [task.result() for task in done], [await f for f in asyncio.as_completed([op(1, n) for n in range(20)])]
""",
    "printing": """
async def main(op):
    print("héllo", await op(1, "ö"))
""",
    "no such name": """
def other():
    pass
""",
    "no python": "def main(:",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_both_doors_have_the_same_record(program: str) -> None:
    kind = "function" if "def main(op):\n    return [asyncio.run" in program else "coroutine"

    def fresh() -> Stage:
        return staged(lambda world: [waiting(world)], records=("op",), kind=kind)

    assert bytes_of(in_process(program, fresh())) == bytes_of(in_child(program, fresh()))


@pytest.fixture(params=[in_process, in_child], ids=["in-process", "child"])
def play(request: pytest.FixtureRequest) -> Callable[..., Record]:
    chosen: Callable[..., Record] = request.param
    return chosen


def test_tasks_overlap_and_awaits_do_not(play: Callable[..., Record]) -> None:
    assert rows(play(PROGRAMS["together"], stage())) == [("op(a)", 0, 1, "ok"), ("op(b)", 0, 2, "ok")]
    one_by_one = 'async def main(op):\n    return [await op(1, "a"), await op(2, "b")]\n'
    assert rows(play(one_by_one, stage())) == [("op(a)", 0, 1, "ok"), ("op(b)", 1, 3, "ok")]


def test_a_blocking_sleep_is_named_with_its_line_and_holds_everything_up(play: Callable[..., Record]) -> None:
    record = play(PROGRAMS["frozen"], stage())
    assert record.outcome.value == 3.5
    assert [(b.name, b.line, b.start, b.end) for b in record.facts.blocked] == [
        ("time.sleep", 6, 500_000_000, 3_500_000_000)
    ]


def test_a_deadlock_names_the_lines_that_wait(play: Callable[..., Record]) -> None:
    record = play(PROGRAMS["deadlock"], stage())
    assert record.outcome.kind == "deadlock"
    assert [(w.function, w.line, w.waits_for) for w in record.facts.waiting] == [
        ("reader", 4, "an item from Queue 'queue': it is empty, and nothing that runs can put one"),
        ("main", 7, "Task-2 (reader), which waits itself"),
    ]


def test_what_is_left_behind_is_seen(play: Callable[..., Record]) -> None:
    record = play(PROGRAMS["left behind"], stage())
    assert [(place.name, place.line) for place in record.facts.pending_at_return] == [("op", 4), ("op", 4)]
    assert record.ledger.returned == 1_000_000_000
    assert rows(record)[1] == ("op", 0, 1, "cancelled")


def test_a_task_awaited_at_once_is_redundant(play: Callable[..., Record]) -> None:
    program = """
import asyncio
async def main(op):
    task = asyncio.create_task(op(1))
    await task
    other = asyncio.create_task(op(1))
    await op(2)
    await other
    await asyncio.create_task(op(1))
"""
    record = play(program, stage())
    assert [place.line for place in record.facts.redundant] == [4, 9]
    assert record.facts.tasks == 3


def test_two_tasks_before_two_awaits_are_not_redundant(play: Callable[..., Record]) -> None:
    program = """
import asyncio
async def main(op):
    a, b = asyncio.create_task(op(1)), asyncio.create_task(op(2))
    await a
    await b
"""
    assert play(program, stage()).facts.redundant == ()


def test_a_coroutine_that_nobody_awaits_is_reported_with_its_line(play: Callable[..., Record]) -> None:
    program = """
async def mine():
    pass
async def main(op):
    op(1)
    mine()
"""
    record = play(program, stage())
    assert sorted((place.name, place.line) for place in record.facts.never_awaited) == [("mine", 6), ("op", 5)]


def test_the_first_failure_of_a_task_is_reported(play: Callable[..., Record]) -> None:
    program = """
import asyncio
async def worker(op):
    await op(1)
    op.missing
async def main(op):
    task = asyncio.create_task(worker(op))
    await asyncio.Event().wait()
"""
    record = play(program, stage())
    assert record.outcome.kind == "deadlock"
    failure = record.facts.first_failure
    assert failure is not None
    assert (failure.type, failure.about, failure.line, failure.function) == (
        "AttributeError",
        "function.missing",
        5,
        "worker",
    )


def test_a_run_inside_a_run_is_noted_with_its_line(play: Callable[..., Record]) -> None:
    program = "import asyncio\nasync def main(op):\n    return asyncio.run(op(1))\n"
    record = play(program, stage())
    assert record.outcome.kind == "raised"
    assert record.facts.nested_run is not None
    assert (record.facts.nested_run.name, record.facts.nested_run.line) == ("asyncio.run", 3)


def test_asking_a_task_for_ever_is_a_busy_loop(play: Callable[..., Record]) -> None:
    program = """
import asyncio
async def main(op):
    task = asyncio.create_task(op(1))
    while not task.done():
        pass
"""
    record = play(program, stage())
    assert record.outcome.kind == "busy_loop"
    assert record.facts.spinning is not None
    assert (record.facts.spinning.name, record.facts.spinning.line) == ("asks task.done() again and again", 5)


def test_world_objects_have_what_they_show_and_no_more(play: Callable[..., Record]) -> None:
    class Lamp:
        shows = ("colour",)

        def __init__(self) -> None:
            self.key, self.colour, self.secret = "hall", "red", "hidden"

        def toggle(self) -> str:
            return "on"

    program = """
async def main(lamp):
    try:
        lamp.secret
    except AttributeError as error:
        return lamp.toggle(), lamp.colour, str(error)
"""
    record = play(program, staged(lambda world: [Lamp()], records=("toggle",)))
    assert record.outcome.value == ("on", "red", "'Lamp' object has no attribute 'secret'")
    assert rows(record) == [("toggle(hall)", 0, 0, "ok")]


def stream_stage() -> Stage:
    def build(world: World) -> list[Any]:
        async def source() -> Any:
            stream = world.stream("log")

            async def life() -> None:
                for line in (b"one\n", b"two\n"):
                    await world.sleep(1)
                    stream.feed(line)
                stream.end()

            world.start(life(), "life", "log")
            return stream

        return [world.function(source, "source")]

    return staged(build, records=("source", "life"))


def test_a_stream_is_asyncios_own_and_its_reads_are_reported(play: Callable[..., Record]) -> None:
    program = """
async def main(source):
    stream = await source()
    return [line async for line in stream]
"""
    record = play(program, stream_stage())
    assert record.outcome.value == [b"one\n", b"two\n"]
    assert [(read.operation, read.key, read.start, read.end, read.line) for read in record.facts.reads] == [
        ("readline", "log", 0, 1_000_000_000, 4),
        ("readline", "log", 1_000_000_000, 2_000_000_000, 4),
        ("readline", "log", 2_000_000_000, 2_000_000_000, 4),
    ]
    assert rows(record) == [("source", 0, 0, "ok"), ("life(log)", 0, 2, "ok")]


def test_reading_past_the_end_for_ever_is_stopped(play: Callable[..., Record]) -> None:
    program = """
async def main(source):
    stream = await source()
    while True:
        await stream.readline()
"""
    record = play(program, stream_stage())
    assert record.outcome.kind == "busy_loop"
    assert record.facts.spinning is not None
    assert (record.facts.spinning.name, record.facts.spinning.line) == ("reads past the end of a stream", 5)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("_thread.start_new_thread(print, ())", "_thread.start_new_thread"),
        ("socket.socket()", "socket.socket"),
        ("await asyncio.open_connection('localhost', 1)", "asyncio.open_connection"),
        ("await asyncio.create_subprocess_shell('true')", "asyncio.create_subprocess_shell"),
        ("subprocess.run(['true'])", "subprocess"),
        ("os.system('true')", "os.system"),
        ("os.fork()", "os.fork"),
        ("input()", "input"),
        ("os.kill(os.getppid(), 0)", "os.kill"),
        ("os.kill(-1, 0)", "os.kill"),
        ("os.killpg(1, 0)", "os.killpg"),
    ],
)
def test_what_cannot_be_had_is_refused_by_name(play: Callable[..., Record], call: str, name: str) -> None:
    program = f"import _thread, asyncio, os, socket, subprocess, threading\nasync def main(op):\n    {call}\n"
    record = play(program, stage())
    assert record.outcome.failure is not None
    assert record.outcome.failure.type == "RefusedError"
    assert record.outcome.failure.message.startswith(f"{name} needs ")
    assert [(place.name, place.line) for place in record.facts.refused] == [(name, 3)]


def test_a_program_may_try_to_send_a_signal_to_itself(play: Callable[..., Record]) -> None:
    program = "import contextlib, os\nasync def main(op):\n    with contextlib.suppress(PermissionError):\n        "
    record = play(program + "os.kill(os.getpid(), 0)\n", stage())
    assert record.outcome.failure is None
    assert record.facts.refused == ()


def test_the_output_is_kept_up_to_its_bound(play: Callable[..., Record]) -> None:
    record = play("async def main(op):\n    print('x' * 100_000)\n", stage())
    assert (record.facts.output, record.facts.output_cut) == ("x" * 65_536, True)
