"""What wears out, and what the text of the programs shows: told with lines, also where the course itself has mistakes."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring.programs import programs_of
from grader.authoring.record import recorded
from grader.authoring.stub import unreadable
from grader.authoring.upkeep import upkeep
from grader.authoring.validate import read_only
from grader.course.load import load_course, load_exercise, read_course
from grader.course.possible import load_possible
from grader.errors import CourseError

Spoil = Callable[..., Path]
HERE = "exercises/05_two_calls"
SOLUTIONS = "solutions/05_two_calls"
REFERENCE = """\
import asyncio


async def both(say, a, first, b, second):
    return await asyncio.gather(say(a, first), say(b, second))
"""


@pytest.fixture
def proved(spoil: Spoil, tmp_path: Path) -> Path:
    """The sample with its solutions; nothing is wrong with it."""
    folder = spoil("wrong/one_by_one.py", "one_by_one.py")
    wrong = tmp_path / SOLUTIONS / "wrong"
    wrong.mkdir(parents=True)
    (wrong.parent / "reference.py").write_text(REFERENCE)
    (wrong / "one_by_one.py").write_text("")
    return folder


def told() -> list[str]:
    return sorted(map(str, upkeep(load_course().exercises[0])))


@pytest.mark.usefixtures("proved")
def test_a_good_exercise_needs_nothing() -> None:
    assert told() == []


def test_operations_that_a_provided_file_has_or_that_stand_for_asyncios_are_used(proved: Path, spoil: Spoil) -> None:
    modules = '  modules: {"0-idle": {operations: [idle]}}\n  replaces: [asyncio.sleep]\n  operations:\n'
    more = "    idle: {params: []}\n    sleep: {params: [delay], key: delay, duration: '=delay'}\nentries:\n"
    spoil("slug: two-calls\n", "slug: two-calls\nwithin: basics\n", "  operations:\n", modules, "entries:\n", more)
    assert told() == []
    spoil("operations: [idle]", "also: [asyncio]", "  replaces: [asyncio.sleep]\n", "")
    assert [line.split(": ", 1)[1] for line in told()] == [
        "operation 'idle' is given to no entry; remove it, or pass it in 'args'",
        "operation 'sleep' is given to no entry; remove it, or pass it in 'args'",
    ]


@pytest.mark.usefixtures("proved")
def test_points_may_not_hang_on_a_relation_to_what_is_only_reported(spoil: Spoil) -> None:
    checks = '- {id: result, points: 4, result: "=[first, second]"}'
    spoil(checks, '- {id: result, points: 4, holds: "=tasks == 2"}')
    spoil(
        'together, points: 4, parallel: ["say[{first}]", "say[{second}]"]', 'together, parallel: ["say[a]", "say[b]"]'
    )
    spoil('time, points: 2, elapsed: "=max(a, b)"', 'time, points: 6, holds: "=yields == []"')
    assert any("all its points hang on what the learner's side reports of itself" in line for line in told())
    spoil('holds: "=yields == []"', "holds: \"=elapsed == max(durations['say'])\"")
    assert not any("all its points hang" in line for line in told())


def test_names_that_nothing_uses_are_told_with_their_lines(proved: Path, spoil: Spoil) -> None:
    spoil("  second: {word: true}\n", "  second: {word: true}\n  third: 3\n", "says: It took", 'says: "= It took')
    spoil("both times.", 'both times."', "entries:\n", "    idle: {params: []}\nentries:\n")
    assert told() == [
        f"{HERE}/exercise.yaml:11: var 'third' is used nowhere; remove it",
        f"{HERE}/exercise.yaml:20: operation 'idle' is given to no entry; remove it, or pass it in 'args'",
    ]


@pytest.mark.parametrize(
    ("stub", "line", "message"),
    [
        ("async def both(\n", 1, "not valid Python; mend the syntax"),
        ("\nasync def bth(say, a, first, b, second): ...\n", 1, "there is no function 'both'; rename 'bth', or write it, for learners begin here"),
        ("", 1, "there is no function 'both'; write it, for learners begin here"),
        ("\nasync def both(a): ...\n", 2, "'both' is called with 5 arguments, and cannot take so many; change one of the two"),
        ("\nasync def both(a, b, c, d, e, *, f): ...\n", 2, "'both' is called with 5 arguments, and cannot take so many; change one of the two"),
        ("\ndef both(*args): ...\n", 2, "'both' is called as a coroutine; write 'async def both'"),
    ],
)  # fmt: skip
def test_a_stub_is_a_place_to_begin_from(proved: Path, stub: str, line: int, message: str) -> None:
    (proved / "two_calls.py").write_text(stub)
    assert told() == [f"{HERE}/two_calls.py:{line}: {message}"]


def test_a_solution_that_is_no_python_is_told_once_and_not_played(proved: Path, tmp_path: Path) -> None:
    (tmp_path / SOLUTIONS / "reference.py").write_text("\nasync def both(\n")
    (tmp_path / SOLUTIONS / "wrong" / "one_by_one.py").write_text("a wrong one may be wrong in its syntax\n")
    assert told() == [f"{SOLUTIONS}/reference.py:2: not valid Python; mend the syntax"]
    assert [path.name for path in unreadable(programs_of(load_exercise(proved)))] == ["reference.py"]


def test_what_is_missing_on_the_instructors_side_is_told(proved: Path, tmp_path: Path) -> None:
    (tmp_path / SOLUTIONS / "reference.py").unlink()
    (tmp_path / SOLUTIONS / "wrong" / "one_by_one.py").rename(tmp_path / SOLUTIONS / "wrong" / "other.py")
    assert told() == [
        f"{HERE}/exercise.yaml:33: misconception 'one-by-one': its example 'wrong/one_by_one.py' is not there; write it",
        f"{SOLUTIONS}/wrong/other.py: no misconception names this file as its example; add one, or remove it",
        f"{SOLUTIONS}: there is no reference.py; add a solution that earns all points",
    ]


@pytest.mark.usefixtures("folder")
def test_pages_and_code_in_another_encoding_are_still_looked_at(proved: Path, spoil: Spoil) -> None:
    (proved / "README.md").write_bytes(b"caf\xe9 [x](nowhere.md) [y](" + b"z" * 300 + b")\n")
    spoil("world:\n", "world:\n  python: world.py\n")
    (proved / "world.py").write_bytes(b"# coding: latin-1\n# caf\xe9\ndef build(world, v): ...\n")
    assert told() == [
        f"{HERE}/README.md:1: the link 'nowhere.md' leads nowhere; mend it",
        f"{HERE}/README.md:1: the link '{'z' * 300}' leads nowhere; mend it",
    ]


def test_what_the_programs_show_is_told_beside_the_mistakes_of_the_course(
    proved: Path, spoil: Spoil, tmp_path: Path
) -> None:
    spoil("hints:", "hnts:", "when: {entry: both,", "when: {entry: both, source: cal:f,")
    (proved / "two_calls.py").write_text("async def both(a): ...\nasync def (\n")
    (tmp_path / SOLUTIONS / "reference.py").unlink()
    assert [str(problem) for problem in read_only(*read_course("."))] == [
        f"{HERE}/exercise.yaml:31: unknown kind of source pattern 'cal'; did you mean 'call'? (in 'cal:f')",
        f"{HERE}/exercise.yaml:34: unknown key 'hnts'; did you mean 'hints'?",
        f"{HERE}/two_calls.py:2: not valid Python; mend the syntax",
        f"{SOLUTIONS}: there is no reference.py; add a solution that earns all points",
    ]


def test_how_a_stub_is_called_is_not_told_where_the_arguments_are_in_doubt(proved: Path, spoil: Spoil) -> None:
    spoil('args: ["=say", ', 'args: ["=sya", ')
    (proved / "two_calls.py").write_text("async def both(a): ...\n")
    assert [str(problem) for problem in read_only(*read_course("."))] == [
        f"{HERE}/exercise.yaml:21: unknown name 'sya' in '=sya'; did you mean 'say'?"
    ]


# ---------------------------------------------------------------- the record of what is possible


def test_a_record_that_cannot_be_read_is_written_anew(proved: Path) -> None:
    exercise = load_exercise(proved)
    (proved / "possible.json").write_text("{")
    with pytest.raises(CourseError, match="record it anew with 'grader validate --write'"):
        recorded(exercise, write=False)
    assert recorded(exercise, write=True) == recorded(exercise, write=False) == []


def test_a_record_that_is_no_file_is_told_and_never_waited_for(proved: Path) -> None:
    os.mkfifo(proved / "possible.json")
    with pytest.raises(CourseError) as error:
        load_possible(load_exercise(proved))
    assert str(error.value) == f"{HERE}/possible.json: is not a file; put one in its place"
    with pytest.raises(CourseError) as error:
        recorded(load_exercise(proved), write=True)
    assert str(error.value) == f"{HERE}/possible.json: is not a file; remove it"


def test_a_record_that_cannot_be_written_is_told(proved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.course.possible.text_of", full)
    with pytest.raises(CourseError) as error:
        recorded(load_exercise(proved), write=True)
    assert str(error.value).startswith(f"{HERE}/possible.json: cannot be written: No space left on device; make room")
