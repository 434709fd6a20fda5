"""What a worker does with one file."""

from pathlib import Path

import pytest

from grader.batch import worker
from grader.batch.worker import Job, Terms
from grader.course.cases import hidden_count
from grader.course.load import load_exercise
from grader.intake.model import Handed
from grader.verdict import Verdict, decode

SAY_AFTER = load_exercise(Path(__file__).parents[2] / "exercises" / "05_say_after")
HANDED = [Handed("ann", "say-after", "/nowhere/ann.py", "ann.py")]


def test_a_failure_of_ours_is_an_error_and_names_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(job: Job, source: bytes) -> Verdict:
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
    import pickle

    job = Job(HANDED[0], SAY_AFTER, Terms())
    assert pickle.loads(pickle.dumps(job)) == job


def test_an_exercise_travels_packed_once_and_is_one_there_for_all_its_files() -> None:
    import pickle

    sent = [pickle.dumps(Job(handed, SAY_AFTER, Terms("s"))) for handed in HANDED * 3]
    there = [pickle.loads(data) for data in sent]
    assert all(job.exercise is there[0].exercise for job in there)
    assert there[0].exercise == SAY_AFTER


def test_another_exercise_is_never_taken_for_one_that_came_before() -> None:
    import pickle

    from msgspec.structs import replace

    for points in (3.0, 4.0, 5.0):
        job = Job(HANDED[0], replace(SAY_AFTER, points=points), Terms())
        assert pickle.loads(pickle.dumps(job)) == job
        del job  # another may then stand in the same place of memory


def test_what_is_kept_of_exercises_is_bounded() -> None:
    import pickle

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
