"""A worker: one file at a time, until it is told to stop."""

import signal
from pathlib import Path

import pytest

from grader.batch import worker
from grader.batch.intake import Handed
from grader.batch.worker import Job, Terms
from grader.course.load import load_exercise
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


def test_a_worker_that_was_stopped_begins_nothing_more(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, worker._stopped)
    try:
        with pytest.raises(KeyboardInterrupt):
            worker.grade_job(Job(HANDED[0], SAY_AFTER, Terms()))
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_interrupt_breaks_off_what_a_worker_grades_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(job: Job) -> worker.Answer:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
        raise AssertionError("it went on")

    monkeypatch.setattr(worker, "_answer", interrupted)
    before = signal.signal(signal.SIGINT, worker._stop_idle)
    try:
        with pytest.raises(KeyboardInterrupt):
            worker.grade_job(Job(HANDED[0], SAY_AFTER, Terms()))
        assert signal.getsignal(signal.SIGINT) is worker._stopped
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_job_can_travel_to_another_process() -> None:
    import pickle

    job = Job(HANDED[0], SAY_AFTER, Terms())
    assert pickle.loads(pickle.dumps(job)) == job
