"""The grader's own computing over one text: bounded, and over what is played it says nothing."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.batch.worker import Job, Terms, graded
from grader.checks import Source
from grader.course.model import Exercise
from grader.grading import bounded as module
from grader.grading import judge, play
from grader.grading.bounded import TakesTooLongError, bounded
from grader.grading.marks import results
from grader.grading.play import play_all
from grader.intake.model import Handed
from grader.run.submitted import Submitted
from grader.verdict import decode

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such timer")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.005)


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return next(one for one in grader.load_course(Path(__file__).parents[2]).exercises if one.slug == "say-after")


def for_ever(*_: Any) -> Source:
    while True:
        try:
            sum(range(100))
        except Exception:  # as much of what reads a text does
            continue


def counted(steps: int) -> int:
    return sum(1 for _ in range(steps))


@pytest.mark.usefixtures("short")
def test_what_has_no_end_is_stopped_though_it_catches_every_exception() -> None:
    with pytest.raises(TakesTooLongError, match="more than 0.005 s of computing"), bounded():
        for_ever()


def test_what_is_over_in_time_is_left_alone() -> None:
    with bounded():
        assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 0
        assert counted(10_000) == 10_000


@pytest.mark.usefixtures("short")
def test_nothing_is_left_behind_and_one_inside_another_is_the_outer_ones() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with pytest.raises(TakesTooLongError), bounded(), bounded():
        for_ever()
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) is before


def test_in_another_thread_there_is_no_bound_and_no_error() -> None:
    seen: list[int] = []

    def work() -> None:
        with bounded():
            seen.append(counted(100))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [100]


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("reading", [(Source, "read"), (play, "alike")])
def test_a_text_that_takes_too_long_is_an_error_of_the_graders_and_no_fail(
    reading: tuple[Any, str], exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*reading, for_ever)
    handed = Handed("ann", exercise.slug, "a.py", "a.py")
    verdict = decode(graded(Job(handed, exercise, Terms(isolation="in-process")), Submitted(b"x = 1\n")))
    assert (verdict.status, verdict.points) == ("error", 0.0)
    assert "TakesTooLongError: the text takes the grader more than" in verdict.error


@pytest.mark.parametrize("phase", ["source_of", "view_of", "_judged"])
def test_both_what_is_read_and_what_is_judged_are_bounded_and_what_is_played_is_not(
    phase: str, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: dict[str, float] = {}

    def noting(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **named: Any) -> Any:
            left[name] = signal.getitimer(signal.ITIMER_VIRTUAL)[0]
            return call(*args, **named)

        return noted

    monkeypatch.setattr(Source, "read", noting("source_of", Source.read))
    monkeypatch.setattr(judge, "play_all", noting("play", play_all))
    monkeypatch.setattr(play, "view_of", noting("view_of", play.view_of))
    monkeypatch.setattr(judge, "results", noting("_judged", results))
    grader.grade(exercise, b"x = 1\n", seed="1")
    assert left[phase] > 0
    assert left["play"] == 0
