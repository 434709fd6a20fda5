"""Grading many: each once, whatever becomes of the workers, and stopped when asked."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.batch import grading
from grader.batch.grading import Graded, grade_all
from grader.batch.worker import Job, OneByOne, Terms
from grader.course.load import load_exercise
from grader.feedback.grades import Line
from grader.intake.model import Handed
from grader.verdict import CaseReport, Verdict, decode, encode

SAY_AFTER = load_exercise(Path(__file__).parents[2] / "exercises" / "05_say_after")
PASSED = decode((Path(__file__).parent.parent / "feedback" / "verdicts" / "passed.json").read_bytes())
HANDED = [Handed(name, "say-after", f"/nowhere/{name}.py", f"{name}.py") for name in ("ann", "bob", "carla", "dmitri")]


class AtOnce(Executor):
    """Runs a job when it is submitted, as `answer` says."""

    def __init__(self, answer: Callable[[Job], Verdict]):
        self.answer = answer

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(("00ff", encode(self.answer(args[0]))))
        except BrokenProcessPool as broken:
            future.set_exception(broken)
        return future


Found = tuple[Graded, dict[str, Line]]
Done = Callable[[Line], None]


def grade_with(
    answer: Callable[[Job], Verdict],
    done: Done = lambda line: None,
    alone: Callable[[int], Done] = lambda count: lambda line: None,
) -> Found:
    """What became of each, and the last line of each learner that was told."""
    told: dict[str, Line] = {}

    def keep(handed: Handed, line: Line, final: bool) -> None:
        told[handed.learner] = line

    graded = grade_all(
        HANDED,
        {"say-after": SAY_AFTER},
        Terms(seed="s"),
        keep=keep,
        done=done,
        alone=alone,
        workers=2,
        pool=lambda workers: AtOnce(answer),
    )
    assert {handed.learner: standing for handed, standing in graded.standings.items()} == {
        name: line.standing for name, line in told.items()
    }
    return graded, told


def test_each_file_is_graded_once() -> None:
    asked: list[str] = []

    def answer(job: Job) -> Verdict:
        asked.append(job.handed.learner)
        return PASSED

    graded, told = grade_with(answer)
    assert sorted(asked) == ["ann", "bob", "carla", "dmitri"]
    assert {(line.learner, line.points) for line in told.values()} == {(name, 10.0) for name in asked}
    assert not graded.interrupted


def test_what_comes_back_together_is_kept_before_any_of_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()

    @contextmanager
    def together() -> Iterator[None]:
        said.append("begin")
        yield
        said.append("written")

    def pieces(
        work: object, jobs: Sequence[Job], workers: int, pool: object, group: Callable[[Job], str]
    ) -> Iterator[list[tuple[Job, tuple[str, bytes]]]]:
        assert isinstance(work, OneByOne) == bool(
            jobs
        )  # files of a learner are graded one after the other, and handed over so
        assert [group(job) for job in jobs] == ["ann", "bob", "carla", "dmitri"][: len(jobs)]
        for at in range(0, len(jobs), 3):
            yield [(job, ("00ff", encode(PASSED))) for job in jobs[at : at + 3]]

    monkeypatch.setattr(grading, "pieces", pieces)
    graded = grade_all(
        HANDED,
        {"say-after": SAY_AFTER},
        Terms(),
        keep=lambda handed, line, final: said.append("keep"),
        together=together,
        done=lambda line: said.append("done"),
        workers=2,
    )
    assert said == ["begin", *["keep"] * 3, "written", *["done"] * 3, "begin", "keep", "written", "done"]
    assert len(graded.standings) == 4


def test_a_worker_that_dies_costs_nobody_else_anything() -> None:
    def answer(job: Job) -> Verdict:
        if job.handed.learner == "bob":
            raise BrokenProcessPool("died")
        return PASSED

    _, found = grade_with(answer)
    assert {name: line.standing for name, line in found.items()} == {
        "ann": "passed",
        "bob": "error",
        "carla": "passed",
        "dmitri": "passed",
    }
    assert found["bob"].verdict is not None
    assert found["bob"].verdict.error == "the process that graded this file died"
    assert found["bob"].verdict.max_points == SAY_AFTER.points


def late(kind: str, *, at_rest: bool = False) -> Verdict:
    about = CaseReport(
        entry="together", case="c", hidden=False, passed=False, outcome=kind, at_rest=at_rest or msgspec.UNSET
    )
    return msgspec.structs.replace(PASSED, status="failed", cases=(about,))


@pytest.mark.parametrize("kind", ["time_out", "import_time_out"])
def test_what_met_the_limit_on_real_time_is_graded_once_more(kind: str) -> None:
    asked: list[str] = []

    def answer(job: Job) -> Verdict:
        asked.append(job.handed.learner)
        return late(kind) if job.handed.learner == "ann" and asked.count("ann") == 1 else PASSED

    graded, _ = grade_with(answer)
    assert asked.count("ann") == 2
    assert asked[-1] == "ann"
    assert set(graded.standings.values()) == {"passed"}


def test_what_waited_for_something_of_its_own_is_not_graded_once_more() -> None:
    asked: list[str] = []

    def answer(job: Job) -> Verdict:
        asked.append(job.handed.learner)
        return late("time_out", at_rest=True) if job.handed.learner == "ann" else PASSED

    graded, _ = grade_with(answer)
    assert sorted(asked) == ["ann", "bob", "carla", "dmitri"]
    assert sorted(graded.standings.values()) == ["failed", "passed", "passed", "passed"]


def test_how_far_it_is_with_what_is_graded_once_more_is_told() -> None:
    told: list[str] = []

    def alone(count: int) -> Done:
        told.append(f"{count} alone")
        return lambda line: told.append(f"{line.learner} alone")

    slow = {"bob", "dmitri"}
    grade_with(lambda job: late("time_out") if job.handed.learner in slow else PASSED, alone=alone)
    assert told[0] == "2 alone"
    assert sorted(told[1:]) == ["bob alone", "dmitri alone"]
    told.clear()
    grade_with(lambda job: PASSED, alone=alone)
    assert told == []


def test_what_was_done_stands_when_it_is_interrupted() -> None:
    seen: list[str] = []

    def done(line: Line) -> None:
        seen.append(line.learner)
        if len(seen) == 2:
            raise KeyboardInterrupt

    graded, _ = grade_with(lambda job: PASSED, done)
    assert graded.interrupted
    assert sorted(handed.learner for handed in graded.standings) == sorted(seen)
