"""The process that checks: asked, given up, and gone; and what it answers."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.cli import watched
from grader.verdict import decode
from grader.watch.runs import Answer, Question, Runs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def runs() -> Iterator[Runs]:
    made = Runs("tests.watch.answering")
    yield made
    made.close()


def heard(runs: Runs) -> Answer:
    runs._said.put(runs._said.get())  # until there is one
    answer = runs.answer()
    assert answer is not None
    return answer


def number(runs: Runs) -> int:
    assert runs._process is not None
    return runs._process.pid


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_process_answers_one_question_after_the_other(runs: Runs) -> None:
    assert runs.answer() is None
    for word in ("first", "second"):
        runs.ask(Question("", word))
        assert runs.busy
        assert heard(runs).refused == word
        assert not runs.busy
    first = number(runs)
    runs.ask(Question("", "third"))
    assert heard(runs).refused == "third"
    assert number(runs) == first


def test_what_is_given_up_is_not_heard_of_any_more_and_ends(runs: Runs) -> None:
    runs.ask(Question("", "hangs"))
    first = number(runs)
    runs.ask(Question("", "next"))
    assert heard(runs).refused == "next"
    assert number(runs) != first
    runs.close()
    assert not lives(first)


def test_one_that_dies_is_told_and_another_answers_the_next(runs: Runs) -> None:
    runs.ask(Question("", "dies"))
    assert heard(runs).fault == "the process that checks ended without an answer (exit status 7)"
    runs.ask(Question("", "next"))
    assert heard(runs).refused == "next"


def test_one_that_died_while_nothing_was_asked_is_replaced(runs: Runs) -> None:
    runs.ask(Question("", "first"))
    heard(runs)
    assert runs._process is not None
    runs._process.kill()
    runs._process.wait()
    runs.ask(Question("", "next"))
    assert heard(runs).refused == "next"


def test_one_that_does_not_end_is_killed(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.ask(Question("", "first"))
    heard(runs)
    process = runs._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)  # so it cannot hear that it is to end
    monkeypatch.setattr("grader.watch.runs._CLEANING", 0)
    runs.renew()
    runs.answer()
    assert process.wait(5) == -signal.SIGKILL


def test_where_no_process_can_be_started_that_is_the_answer(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("grader.watch.runs.subprocess.Popen", none)
    runs.ask(Question("", "first"))
    assert heard(runs).fault == "no process could be started (Resource temporarily unavailable)"
    assert not runs.busy


# ---------------------------------------------------------------- what it answers


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "_ISOLATION", "in-process")  # a child takes half a second


def test_the_answer_is_the_verdict_of_check() -> None:
    right = ROOT / "solutions" / "05_say_after" / "reference.py"
    answer = watched.answer(Question(str(ROOT / "exercises" / "05_say_after"), str(right), seed="s"))
    verdict = decode(bytes(answer.verdict))
    assert (verdict.status, verdict.exercise, verdict.seed) == ("passed", "say-after", "s")


def test_a_file_or_a_course_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    folder = ROOT / "exercises" / "05_say_after"
    refused = watched.answer(Question(str(folder), str(tmp_path / "none.py"))).refused
    assert refused == f"{tmp_path / 'none.py'}: the file cannot be read (No such file or directory)"
    broken = (
        tmp_path / "exercises" / "05_broken" / "exercise.yaml"
    )  # so deep, or other tests would take it for a course's
    broken.parent.mkdir(parents=True)
    broken.write_text("slug: [")
    assert str(broken) in watched.answer(Question(str(broken.parent), "x.py")).refused


def test_a_fault_of_the_graders_own_is_written_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(folder: str) -> None:
        raise RuntimeError("no way")

    monkeypatch.setattr("grader.course.load.load_exercise", fails)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    fault = watched.answer(Question("a", "b")).fault
    [log] = tmp_path.iterdir()
    assert fault == f"the grader itself failed (RuntimeError: no way); please report it with {log}"
    assert "no way" in log.read_text()
