"""What a worker does with one file."""

import pickle
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.batch import worker
from grader.batch.worker import Job, OneByOne, Terms
from grader.course.cases import hidden_count
from grader.course.load import load_course, load_exercise
from grader.grading import workers
from grader.intake.model import Handed
from grader.run import levels
from grader.run.levels import why_not
from grader.verdict import Verdict, decode

SAY_AFTER = load_exercise(Path(__file__).parents[2] / "exercises" / "05_say_after")
HANDED = [Handed("ann", "say-after", "/nowhere/ann.py", "ann.py")]


def test_a_failure_of_ours_is_an_error_and_names_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(*_: object) -> Verdict:
        raise ZeroDivisionError("ours")

    (tmp_path / "ann.py").write_bytes(b"")
    monkeypatch.setattr(worker, "_verdict", fails)
    handed = Handed("ann", "say-after", str(tmp_path / "ann.py"), "ann.py")
    digest, encoded = worker.grade_job(Job(handed, SAY_AFTER, Terms()))
    assert digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert (decode(encoded).status, decode(encoded).error) == ("error", "ZeroDivisionError: ours")


def test_hidden_cases_are_run_where_they_are_at_hand() -> None:
    reference = str(Path(SAY_AFTER.solutions or "", "reference.py"))
    job = Job(Handed("ann", "say-after", reference, "ann.py"), SAY_AFTER, Terms(isolation="in-process"))
    verdict = decode(worker.grade_job(job)[1])
    assert sum(case.hidden for case in verdict.cases) == hidden_count(SAY_AFTER) > 0
    assert verdict.hidden_cases_left_out == 0


def test_a_job_can_travel_to_another_process() -> None:
    job = Job(HANDED[0], SAY_AFTER, Terms())
    assert pickle.loads(pickle.dumps(job)) == job


def test_an_exercise_travels_packed_once_and_is_one_there_for_all_its_files() -> None:
    sent = [pickle.dumps(Job(handed, SAY_AFTER, Terms("s"))) for handed in HANDED * 3]
    there = [pickle.loads(data) for data in sent]
    assert all(job.exercise is there[0].exercise for job in there)
    assert there[0].exercise == SAY_AFTER


def test_another_exercise_is_never_taken_for_one_that_came_before() -> None:
    from msgspec.structs import replace

    for points in (3.0, 4.0, 5.0):
        job = Job(HANDED[0], replace(SAY_AFTER, points=points), Terms())
        assert pickle.loads(pickle.dumps(job)) == job
        del job  # another may then stand in the same place of memory


def test_what_is_kept_of_exercises_is_bounded() -> None:
    from msgspec.structs import replace

    for points in range(70):
        pickle.loads(pickle.dumps(Job(HANDED[0], replace(SAY_AFTER, points=points), Terms())))
    assert worker._packed.cache_info().currsize == worker._unpacked.cache_info().currsize == 64


# ---------------------------------------------------------------- before the first file


def test_a_worker_that_gets_ready_starts_what_forks_with_the_packages_of_the_course(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, list[str]]] = []
    monkeypatch.setattr("grader.run.levels.level_of", lambda level, found: asked.append((level, sorted(found))))
    worker.prepare("A", ("msgspec",))
    worker.prepare("in-process", ("msgspec",))
    assert asked == [("A", ["msgspec"])]


def test_what_goes_wrong_while_a_worker_gets_ready_is_left_for_the_first_file() -> None:
    worker.prepare("A", ("no-such-distribution",))
    worker.prepare("no such level", ())


# ---------------------------------------------------------------- one learner's files, one after the other

needs_isolation = pytest.mark.skipif(
    bool(why_not("A") and why_not("B")), reason="no level of isolation can be had here"
)
COURSE = {exercise.slug: exercise for exercise in load_course(Path(__file__).parents[2]).exercises}


def jobs_of(*handed: tuple[str, str]) -> list[Job]:
    """Of learners and exercises, with the reference for each."""
    return [
        Job(
            Handed(name, slug, str(Path(COURSE[slug].solutions or "", "reference.py")), f"{slug}.py"),
            COURSE[slug],
            Terms(),
        )
        for name, slug in handed
    ]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each process that is started for a learner's file."""
    found = list[Any]()
    real = levels._zygotes.job

    def job(*asked: Any) -> Any:
        found.append(real(*asked))
        return found[-1]

    monkeypatch.setattr(levels._zygotes, "job", job)
    return found


@needs_isolation
def test_files_of_a_learner_share_a_process_and_have_the_verdicts_that_they_have_alone(started: list[Any]) -> None:
    jobs = jobs_of(*[(name, slug) for name in ("ann", "bob") for slug in ("first-await", "say-after", "two-downloads")])
    alone = [worker.grade_job(job) for job in jobs]
    assert len(started) == 6
    started.clear()
    with OneByOne() as work:
        assert [work(job) for job in jobs] == alone
        assert len(started) == 2
        assert [process._process < 0 for process in started] == [True, False]
    assert started[1]._process < 0


@needs_isolation
def test_who_is_not_entered_or_came_from_elsewhere_keeps_no_process(started: list[Any]) -> None:
    work = pickle.loads(pickle.dumps(OneByOne()))
    for job in jobs_of(("ann", "first-await"), ("ann", "say-after")):
        work(job)
    assert len(started) == 2
    assert all(process._process < 0 for process in started)


@needs_isolation
@pytest.mark.usefixtures("idle")
def test_a_worker_that_is_interrupted_ends_the_process_that_waits_for_the_next_file(
    monkeypatch: pytest.MonkeyPatch, started: list[Any]
) -> None:
    first, second = jobs_of(("ann", "first-await"), ("ann", "say-after"))
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # an interrupt puts another there
    with OneByOne() as work:
        work(first)
        assert started[0]._process >= 0
        monkeypatch.setattr(worker, "_verdict", lambda *_: signal.raise_signal(signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            work(second)
    assert started[0]._process < 0
    assert len(started) == 1


@pytest.fixture
def idle() -> Iterator[None]:
    """This process as an idle worker."""
    before = signal.signal(signal.SIGINT, workers._stop_idle)
    yield
    signal.signal(signal.SIGINT, before)
