"""Workers: broken off once, ended by Ctrl-C, and gone with the process that began them."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.clock.clock import Clock
from grader.errors import UsageError
from grader.grading import workers
from grader.runner.limits import CpuLimit, InterruptedRun

ROOT = Path(__file__).parents[2]
NAMES = ("exercises", "solutions")
WAIT = 60
needs_signals = pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs POSIX signals")


@pytest.fixture
def idle() -> Iterator[None]:
    """This process as an idle worker."""
    before = signal.signal(signal.SIGINT, workers._stop_idle)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("idle")
def test_a_worker_that_was_stopped_while_idle_begins_nothing_more() -> None:
    signal.raise_signal(signal.SIGINT)
    begun = []
    with pytest.raises(KeyboardInterrupt), workers.at_work():
        begun.append("a job")
    assert begun == []


@pytest.mark.usefixtures("idle")
def test_an_interrupt_breaks_off_a_job_and_all_that_come_after() -> None:
    with pytest.raises(KeyboardInterrupt), workers.at_work():
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), workers.at_work():
        pass


@pytest.mark.usefixtures("idle")
def test_a_burst_of_interrupts_breaks_off_a_run_in_this_process_once() -> None:
    desk: Any = SimpleNamespace(clock=Clock(), line=lambda frame: None)
    limit = CpuLimit(desk, seconds=60, wall_seconds=60)
    heard = []

    def job() -> None:
        with limit.kept():
            with pytest.raises(InterruptedRun):
                signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            heard.append("the run is over")
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        heard.append("told, and written down")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), workers.at_work():
        job()
    signal.raise_signal(signal.SIGINT)
    assert heard == ["the run is over", "told, and written down"]


@pytest.mark.usefixtures("idle")
def test_cleaning_up_after_an_interrupt_is_not_broken_off() -> None:
    cleaned = []

    def interrupted() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            cleaned.append("the learner's process")

    with pytest.raises(KeyboardInterrupt), workers.at_work():
        interrupted()
    assert cleaned == ["the learner's process"]


@pytest.mark.usefixtures("idle")
def test_after_a_job_a_worker_is_idle_again() -> None:
    with workers.at_work():
        pass
    assert signal.getsignal(signal.SIGINT) is workers._stop_idle


# ---------------------------------------------------------------- the real thing


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one exercise, and a solution that says `here` to a pipe whenever it is loaded, and then computes."""
    for name in NAMES:
        shutil.copytree(ROOT / name / "01_first_await", tmp_path / name / "01_first_await")
    for wrong in (tmp_path / "solutions" / "01_first_await").glob("accepted_*.py"):
        wrong.unlink()
    listed = "{id: one, title: One, exercises: [{folder: 01_first_await, title: T}]}"
    (tmp_path / "course.yaml").write_text(f"schema: 1\ntitle: C\nunits:\n  - {listed}\n")
    os.mkfifo(tmp_path / "pipe")
    busy = f"with open({str(tmp_path / 'pipe')!r}, 'w') as pipe:\n    print('here', file=pipe)\nwhile True:\n    pass\n"
    (tmp_path / "solutions" / "01_first_await" / "accepted_busy.py").write_text(busy)
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "first_await.py").write_text(busy)
    return tmp_path


def begun(course: Path, *args: str) -> "subprocess.Popen[str]":
    """The program at work: a worker of it computes."""
    program = [sys.executable, "-m", "grader", *args]
    process = subprocess.Popen(
        program, cwd=course, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        start_new_session=True, text=True,
    )  # fmt: skip
    with open(course / "pipe") as pipe:
        assert pipe.readline() == "here\n"
    return process


VALIDATE = ("validate", "--seeds", "20")
GRADE = ("grade", "class", "--out", "out", "--isolation", "in-process")


@pytest.mark.slow
@needs_signals
@pytest.mark.parametrize("command", [VALIDATE, GRADE], ids=["validate", "grade"])
def test_ctrl_c_ends_the_program_and_its_workers(course: Path, command: tuple[str, ...]) -> None:
    process = begun(course, *command)
    for _ in range(5):
        os.killpg(process.pid, signal.SIGINT)
    # This waits for the end of everybody who could still write there.
    _, said = process.communicate(timeout=WAIT)
    assert process.returncode == 130
    assert "Traceback" not in said


@pytest.mark.slow
@needs_signals
@pytest.mark.parametrize("command", [VALIDATE, GRADE], ids=["validate", "grade"])
def test_workers_end_when_the_program_is_killed(course: Path, command: tuple[str, ...]) -> None:
    process = begun(course, *command)
    process.terminate()
    _, said = process.communicate(timeout=WAIT)
    assert process.returncode == -signal.SIGTERM
    assert "Traceback" not in said


def cores_of(job: int) -> tuple[list[int], int]:
    return sorted(os.sched_getaffinity(0)), os.sched_getscheduler(0)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs a system where a process can keep to a core")
def test_a_worker_keeps_to_one_core_with_the_programs_that_it_plays_and_none_pushes_another_aside() -> None:
    found = [cores for _, cores in workers.pooled(cores_of, range(4), 2)]
    assert {len(cores) for cores, _ in found} == {1}
    assert {core for cores, _ in found for core in cores} <= os.sched_getaffinity(0)
    assert {scheduler for _, scheduler in found} == {os.SCHED_BATCH}


def test_where_it_may_not_give_way_a_worker_grades_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: object) -> None:
        asked.append(args)
        raise PermissionError(1, "Operation not permitted")

    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(os, "SCHED_BATCH", 3, raising=False)
    monkeypatch.setattr(os, "sched_param", int, raising=False)
    monkeypatch.setattr(os, "sched_setscheduler", refused, raising=False)
    workers.give_way()
    assert asked == [(0, 3, 0)]


# ---------------------------------------------------------------- several at once


def squared(job: int) -> int:
    return job * job


def test_each_job_has_its_own_answer_however_they_are_handed_over() -> None:
    assert sorted(workers.pooled(squared, range(40), 2)) == [(job, job * job) for job in range(40)]


def test_a_worker_gives_back_what_it_has_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 0.1, workers.PIECE + 0.1])
    monkeypatch.setattr("grader.grading.workers.time.monotonic", lambda: next(times))
    monkeypatch.setattr(workers, "_settled", lambda: None)
    assert workers._several(squared, [2, 3, 4, 5]) == [4, 9]


@pytest.mark.parametrize(
    ("left", "workers_", "together"), [(1000, 1, 16), (100, 2, 12), (8, 2, 1), (3, 2, 1), (1, 8, 1)]
)
def test_many_are_handed_over_together_as_long_as_many_are_left(left: int, workers_: int, together: int) -> None:
    with ProcessPoolExecutor(1) as executor:
        assert workers._at_once(executor, left, 2 * workers_) == together


def test_an_executor_of_another_kind_is_handed_one_job_at_a_time() -> None:
    with ThreadPoolExecutor(1) as executor:
        assert sorted(workers._answers(executor, squared, range(40), 4)) == [(job, job * job) for job in range(40)]
        assert workers._at_once(executor, 1000, 2) == 1


class TheFirstOfSeveral(ProcessPoolExecutor):
    """Has time for one job, however many it is handed."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        work, jobs = args
        future: Future[Any] = Future()
        future.set_result([work(jobs[0])])
        return future


def test_what_a_worker_had_no_time_for_is_handed_over_again() -> None:
    with TheFirstOfSeveral(1) as executor:
        found = list(workers._answers(executor, squared, range(40), 2))
    assert sorted(found) == [(job, job * job) for job in range(40)]


# ---------------------------------------------------------------- early


def ready() -> None:
    os.environ["READY"] = "yes"


def is_ready(job: int) -> str:
    return os.environ.get("READY", "no")


def test_the_first_pool_that_is_asked_for_has_the_workers_that_got_ready_early_and_the_next_has_its_own() -> None:
    with workers.early(1, ready) as pool:
        assert list(workers.pooled(is_ready, [1], 1, pool)) == [(1, "yes")]
        assert list(workers.pooled(is_ready, [2], 1, pool)) == [(2, "no")]


def test_who_wants_more_workers_than_got_ready_has_others_and_those_end() -> None:
    with workers.early(1, ready) as pool:
        assert sorted(workers.pooled(is_ready, [1, 2], 2, pool)) == [(1, "no"), (2, "no")]
    assert multiprocessing.active_children() == []


def test_workers_that_nobody_asks_for_end_whatever_comes_between() -> None:
    before = threading.enumerate()
    with pytest.raises(UsageError, match="no gradebook"), workers.early(1, ready):
        raise UsageError("no gradebook can be opened")
    for of_the_pool in set(threading.enumerate()) - set(before):
        of_the_pool.join()  # it asks for the worker's end as well, and of two who ask one is told
    assert multiprocessing.active_children() == []


def test_a_worker_that_has_all_it_needs_looks_for_garbage_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    done = list[object]()
    collector = SimpleNamespace(
        collect=lambda: done.append("collect"), freeze=lambda: done.append("freeze"), set_threshold=done.append
    )
    monkeypatch.setattr(workers, "gc", collector)
    workers._settled.__wrapped__()
    assert done == ["collect", "freeze", 20_000]


# ---------------------------------------------------------------- interrupted while workers start


class Interrupted(ThreadPoolExecutor):
    """Starts its workers while Ctrl-C comes."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        signal.raise_signal(signal.SIGINT)
        return super().submit(fn, *args, **kwargs)


@needs_signals
def test_workers_that_were_being_started_when_ctrl_c_came_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    done = list[str]()
    monkeypatch.setattr(workers, "processes", lambda *_: Interrupted(1))
    monkeypatch.setattr(workers, "_end_workers", lambda: done.append("ended"))
    with pytest.raises(KeyboardInterrupt), workers.early(1):
        done.append("begun")
    assert done == ["ended"]


@needs_signals
def test_what_starts_workers_is_not_broken_off_by_an_interrupt_that_another_thread_is_told() -> None:
    def told() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # as a thread that was there before
        signal.raise_signal(signal.SIGINT)

    done = list[str]()

    def start() -> None:
        with workers._starting():
            bar = threading.Thread(target=told)
            bar.start()
            bar.join()
            done.append("all started")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert done == ["all started"]


# ---------------------------------------------------------------- what is loaded


def test_workers_are_started_before_all_is_loaded_that_grades_and_load_nothing_that_plays_a_program() -> None:
    """Nobody waits for what others need: a class begins sooner."""
    program = (
        "import sys\n"
        "def there(*names): print([name for name in names if name in sys.modules])\n"
        "import grader.grading.workers\n"
        "there('grader.checks', 'grader.grading.judge', 'asyncio')\n"
        "from grader.batch.worker import grade_job\n"
        "from grader.grading import grade\n"
        "from grader.run import child, levels\n"
        "there('asyncio', 'ssl', 'grader.clock', 'grader.course.load', 'grader.run.outside')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout == "[]\n[]\n"
