import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import pytest

from grader.course.model import Limits
from grader.referee.outcome import Opaque
from grader.referee.record import Record
from grader.run.child import Child
from grader.run.leftovers import _marked
from grader.run.levels import LEVELS, Level, Process, level_of, why_not
from grader.run.limits import complete
from tests.staging import in_child, staged, waiting

FEW = Limits(cpu_seconds=0.5, wall_seconds=20, memory_mb=64, virtual_seconds=100, turns=500, operations=50, tasks=20)


class Play(Protocol):
    def __call__(self, program: str, limits: Limits = FEW) -> Record: ...


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    reason = why_not(name)
    if reason:
        pytest.skip(f"isolation {name} cannot be had here: {reason}")
    return name


@pytest.fixture
def play(level: str) -> Play:
    def played(program: str, limits: Limits = FEW) -> Record:
        stage = staged(lambda world: [waiting(world)], records=("op",), limits=limits)
        return in_child(program, stage, limits, level)

    return played


def kind_and_detail(record: Record) -> tuple[str, str]:
    return record.outcome.kind, record.outcome.detail


def test_an_endless_computation_meets_the_cpu_limit(play: Play) -> None:
    record = play("async def main(op):\n    while True: pass\n")
    assert kind_and_detail(record) == ("busy_loop", "computes for more than 0.5 s without waiting")


@pytest.mark.slow
def test_one_huge_call_in_c_is_ended_by_the_system(play: Play) -> None:
    record = play(
        "import collections, itertools\nasync def main(op):\n    return collections.deque(itertools.repeat(0), maxlen=0)\n"
    )
    assert kind_and_detail(record) == ("busy_loop", "computes for more than 0.5 s without waiting")


def test_a_program_that_catches_everything_still_ends(play: Play) -> None:
    program = """
async def main(op):
    while True:
        try:
            while True: pass
        except BaseException:
            pass
"""
    assert play(program).outcome.kind == "busy_loop"


DEAF = """
import signal, time
async def main(op):
    for number in (signal.SIGXCPU, signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    while time.process_time() < 8: pass
    return "unheard"
"""


@pytest.mark.slow  # the system counts whole seconds
def test_a_program_that_ignores_all_signals_is_killed() -> None:
    record = in_child(DEAF, staged(lambda world: [waiting(world)], limits=FEW), FEW, "child")
    assert kind_and_detail(record) == ("busy_loop", "computes for more than 0.5 s without waiting")


@pytest.mark.parametrize(("seconds", "kind"), [(0.4, "died"), (0.6, "busy_loop")])
def test_a_kill_is_the_limits_only_where_the_time_was_used(seconds: float, kind: str) -> None:
    process: Any = SimpleNamespace(how_it_ended=lambda: -signal.SIGKILL, cpu_seconds=seconds)
    child = Child(b"", "p.py", FEW, Level("none", lambda limits: process))
    child._process, child._cpu_seconds = process, 0.5
    assert child._ended().kind == kind


def test_a_process_whose_time_is_used_up_by_earlier_cases_is_let_go_for_a_fresh_one(level: str) -> None:
    # as if it had computed: there is less left to it than a case may take
    program = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
async def main(op):
    return await op(1, "done")
"""
    started: list[Process] = []
    real = level_of(level)

    def begun(limits: Limits) -> Process:
        started.append(real.process(limits))
        return started[-1]

    child = Child(program.encode(), "program.py", complete(FEW), Level(level, begun))
    try:
        cases = [child.run(staged(lambda world: [waiting(world)], records=("op",), limits=FEW)) for _ in range(2)]
    finally:
        child.close()
    assert [case.outcome.value for case in cases] == ["done", "done"]
    assert len(started) == 2


def test_an_alarm_that_is_set_past_what_refuses_it_changes_nothing(play: Play) -> None:
    program = """
import _signal
_signal.setitimer(_signal.ITIMER_REAL, 0.0001, 0.0001)
async def main(op):
    return [await op(1, number) for number in range(50)]
"""
    assert play(program).outcome.value == [*range(50)]


def test_a_memory_bomb_meets_the_memory_limit(play: Play) -> None:
    record = play("async def main(op):\n    kept = []\n    while True: kept.append(bytearray(10**6))\n")
    assert record.outcome.kind == "raised"
    assert record.outcome.failure is not None
    assert record.outcome.failure.type == "MemoryError"


def test_sleeping_for_ever_meets_the_virtual_limit(play: Play) -> None:
    record = play("import asyncio\nasync def main(op):\n    print('on')\n    while True: await asyncio.sleep(10)\n")
    assert kind_and_detail(record) == ("virtual_limit", "virtual_seconds")
    assert [waiting.line for waiting in record.facts.waiting] == [4]
    assert record.facts.output == "on\n"


@pytest.mark.slow
def test_a_program_that_goes_on_past_the_limit_is_stopped_all_the_same(play: Play) -> None:
    program = """
import asyncio
async def main(op):
    while True:
        try:
            await asyncio.sleep(10)
        except BaseException:
            pass
"""
    assert kind_and_detail(play(program)) == ("virtual_limit", "virtual_seconds")


def test_a_value_that_is_too_large_is_a_result_that_cannot_be_looked_at(play: Play) -> None:
    record = play("async def main(op):\n    return [['x' * 1000] * 1000] * 1000\n")
    assert record.outcome.kind == "result"
    assert record.outcome.value == Opaque("list, too large (more than 3200000 characters)")


def test_operations_without_end_meet_their_limit(play: Play) -> None:
    record = play("async def main(op):\n    while True: await op(0.001)\n")
    assert kind_and_detail(record) == ("virtual_limit", "operations")


def test_tasks_without_end_meet_their_limit(play: Play) -> None:
    program = "import asyncio\nasync def main(op):\n    while True: asyncio.create_task(op(1))\n"
    assert kind_and_detail(play(program)) == ("virtual_limit", "tasks")


def test_turns_without_end_are_a_livelock(play: Play) -> None:
    record = play("import asyncio\nasync def main(op):\n    while True: await asyncio.sleep(0)\n")
    assert record.outcome.kind == "livelock"
    assert record.facts.spinning is not None
    assert record.facts.spinning.line == 3


def test_a_sudden_exit_loses_this_run_only(play: Play) -> None:
    record = play("import os\nasync def main(op):\n    os._exit(3)\n")
    assert kind_and_detail(record) == ("died", "os._exit")
    assert record.facts.spinning is not None
    assert record.facts.spinning.line == 3


def test_an_exit_that_nothing_of_pythons_sees_is_told_by_its_status(play: Play) -> None:
    record = play("import ctypes\nasync def main(op):\n    ctypes.CDLL(None)._exit(3)\n")
    assert kind_and_detail(record) == ("died", "exit status 3")


def test_a_crash_of_the_interpreter_is_told_by_its_signal(play: Play) -> None:
    record = play("import ctypes\nasync def main(op):\n    ctypes.string_at(0)\n")
    assert kind_and_detail(record) == ("died", "killed by SIGSEGV")


def test_the_wall_limit_ends_a_program_that_really_waits(play: Play) -> None:
    program = "import os\nasync def main(op):\n    os.read(os.pipe()[0], 1)\n"
    record = play(program, Limits(wall_seconds=2))
    assert kind_and_detail(record) == ("time_out", "waits in real time for more than 2 s")
    assert record.facts.spinning is not None
    assert record.facts.spinning.line == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("does", "at_rest"),
    [("os.read(os.pipe()[0], 1)", True), ("while True: pass", False)],
    ids=["waits", "computes"],
)
def test_who_waits_for_something_of_its_own_is_told_from_who_may_wait_for_the_machine(
    play: Play, level: str, does: str, at_rest: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.run.rest.SILENT", 0)  # however busy this machine is
    monkeypatch.setattr("grader.run.rest.BUSY", 1e9)
    monkeypatch.setattr("grader.run.child.LAST_WORDS", 0.1)
    program = f"import os\n{does}\nasync def main(op):\n    pass\n"
    begins = 3 if level == "none" else 0.3  # an interpreter that is not forked has to come so far
    record = play(program, Limits(wall_seconds=begins, cpu_seconds=20))
    assert (record.outcome.kind, record.outcome.at_rest) == ("time_out", at_rest)


def test_a_program_that_is_deaf_to_the_alarm_is_just_late(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.run.child.LAST_WORDS", 0.1)
    program = """
import os, signal
async def main(op):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    os.read(os.pipe()[0], 1)
"""
    record = play(program, Limits(wall_seconds=0.5))
    assert kind_and_detail(record) == ("time_out", "it was not over after 0.5 s")
    assert record.facts.spinning is None


@pytest.mark.slow
def test_a_result_that_comes_after_the_alarm_comes_too_late(play: Play) -> None:
    program = """
import signal
async def main(op):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    signal.sigwait([signal.SIGALRM])
    return "late"
"""
    assert kind_and_detail(play(program, Limits(wall_seconds=2)))[0] == "time_out"


def test_nothing_can_be_written_and_few_files_opened(play: Play, level: str) -> None:
    program = """
import os
async def main(op):
    found = []
    try:
        with open("left-over", "w") as file:
            file.write("x" * 8 * 2**20)
    except OSError as error:
        found.append(type(error).__name__)
    try:
        files = [os.open("/dev/null", os.O_RDONLY) for _ in range(1000)]
    except OSError as error:
        found.append(error.errno)
    return found
"""
    assert play(program).outcome.value in (["OSError", 24], ["PermissionError", 24])


def test_the_child_sees_no_environment_and_no_site_packages(play: Play, level: str) -> None:
    program = """
import os, sys
async def main(op):
    try:
        import msgspec
    except ImportError:
        return sorted(os.environ), sorted(os.listdir("."))
"""
    value = play(program).outcome.value
    mark = ["GRADER_RUN"] if level == "none" else []  # where others are told by their parent
    assert value == ([*mark, "LC_ALL", "MALLOC_ARENA_MAX", "OMP_NUM_THREADS", "PYTHONHASHSEED", "TZ"], [])


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to look for processes")
def test_a_process_that_leaves_the_group_is_gone_too(monkeypatch: pytest.MonkeyPatch) -> None:
    token = f"this-test-{os.getpid()}"
    monkeypatch.setattr("grader.run.process.secrets.token_hex", lambda size: token)
    # fork itself is refused; this goes round that, as a hostile program would
    program = """
import ctypes, os, time
async def main(op):
    if ctypes.CDLL(None).fork() == 0:
        os.setsid()
        while True: os.sched_yield()
    return "left"
"""
    record = in_child(program, staged(lambda world: [waiting(world)], limits=FEW), FEW, "none")
    assert record.outcome.value == "left"
    assert _marked(token) == []


def test_the_learners_side_starts_with_the_standard_library_alone() -> None:
    code = "import sys; import grader.runner.child_main; print([m for m in ('msgspec','yaml','click') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert out.stdout == "[]\n"


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to look for processes")
def test_a_worker_that_adopts_orphans_kills_what_has_lost_its_mark(tmp_path: Path) -> None:
    # a program executed anew, in a session of its own, with an empty environment: only its parent is left to tell
    program = """
import ctypes, os
async def main(op):
    system = ctypes.CDLL(None)
    read, write = os.pipe()
    if system.fork() == 0:
        os.setsid()
        system.execve(b"/bin/sleep", (ctypes.c_char_p * 3)(b"/bin/sleep", b"77.125"), (ctypes.c_char_p * 1)())
        os._exit(1)
    os.close(write)
    os.read(read, 1)  # until it is closed, as it is where another program begins
    return "left"
"""
    worker = """
import sys
from pathlib import Path
from grader.run.child import Child
from grader.run.leftovers import adopt_orphans
from tests.run.test_child import FEW
from tests.staging import in_child, staged, waiting
assert adopt_orphans()
stage = staged(lambda world: [waiting(world)], limits=FEW)
print(in_child(Path(sys.argv[1]).read_text(), stage, FEW, "none").outcome.value)
"""
    (tmp_path / "program.py").write_text(program)
    command = [sys.executable, "-c", worker, str(tmp_path / "program.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent.parent)
    assert done.stdout == "left\n", done.stderr
    running = [entry for entry in Path("/proc").glob("[0-9]*/cmdline") if b"77.125" in _read(entry)]
    assert [entry for entry in running if b"/bin/sleep" in _read(entry)] == []


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
