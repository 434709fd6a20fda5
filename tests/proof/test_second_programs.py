"""A second program for a misconception, written before its rule was tuned, is recognised as the first one is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.model import Exercise
from grader.grading import grade
from grader.verdict import Verdict
from tests.proof.names import shape
from tests.proof.the_course import EXERCISES, PROGRAMS

BY_MODULE = {exercise.module: exercise for exercise in EXERCISES.values()}
SECOND = sorted((PROGRAMS / "second").glob("*/*.py"))
SEEDS = 3


def shapes(paths: Iterator[Path] | list[Path]) -> dict[str, Path]:
    """Of those that parse; a program that does not is compared as it stands."""
    return {_shape(path.read_text()): path for path in paths}


def _shape(text: str) -> str:
    try:
        return shape(text)
    except SyntaxError:
        return "".join(text.split())


FIRST = shapes(path for exercise in EXERCISES.values() for path in Path(exercise.solutions or "", "wrong").glob("*.py"))


def exercise_of(path: Path) -> Exercise:
    return BY_MODULE[path.parent.name]


def each_second() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", SECOND, ids=[f"{path.parent.name}/{path.stem}" for path in SECOND])


@each_second()
def test_a_second_program_does_not_pass_and_shows_the_misconception_it_is_named_after(path: Path) -> None:
    exercise = exercise_of(path)
    for number in range(SEEDS):
        verdict = grade(exercise, path, seed=f"{exercise.slug}/second/{number}", hidden=True)
        assert (verdict.status, verdict.misconception) == ("failed", path.stem)
        assert verdict.points < verdict.max_points


@each_second()
def test_a_second_program_is_not_a_first_one_renamed(path: Path) -> None:
    assert FIRST.get(_shape(path.read_text())) is None


@each_second()
def test_a_second_program_is_named_after_a_misconception_of_its_exercise(path: Path) -> None:
    assert path.stem in [one.id for one in exercise_of(path).file.misconceptions]


def test_renaming_and_layout_do_not_change_a_programs_shape() -> None:
    one = 'async def f(a, b):\n    """Says."""\n    return [await a(1), len(b)]  # both\n'
    assert shape(one) == shape("async def g(x,\n            y):\n    return [await x(1), len(y)]\n")
    assert shape(one) != shape("async def g(x, y):\n    return [await x(2), len(y)]\n")
    assert shape(one) != shape("async def g(x, y):\n    return [await x(1), sum(y)]\n")
    assert shape(one) != shape("async def g(x, y):\n    return [await y(1), len(x)]\n")


# ---------------------------------------------------------------- bugs of well-known answers

OUTPUT, TWO = EXERCISES["process-output"], EXERCISES["two-downloads"]
BUGS = {
    "b1": (TWO, "gather-without-await"),
    "b2": (OUTPUT, "no-pipe"),
    "b3": (OUTPUT, "readline-on-process"),
    "b4": (OUTPUT, "end-of-file-ignored"),
    "b5": (OUTPUT, "unclosed-parenthesis"),
    "b6": (OUTPUT, "readers-left-behind"),
}


def handed_in(name: str) -> Verdict:
    return grade(BUGS[name][0], PROGRAMS / "bugs" / f"{name}.py", hidden=True)


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_of_a_well_known_answer_is_explained(name: str) -> None:
    verdict = handed_in(name)
    assert (verdict.status, verdict.misconception) == ("failed", BUGS[name][1])


def test_an_unclosed_parenthesis_is_found_at_the_learners_line() -> None:
    [fault] = {case.fault for case in handed_in("b5").cases}
    assert fault is not None
    assert fault.line == 17
    line = (PROGRAMS / "bugs" / "b5.py").read_text().splitlines()[16]
    assert fault.source_line.strip() == line.strip()


def test_the_programs_with_bugs_are_all_there() -> None:
    assert sorted(path.stem for path in (PROGRAMS / "bugs").glob("*.py")) == sorted(BUGS)
    with pytest.raises(SyntaxError):
        ast.parse((PROGRAMS / "bugs" / "b5.py").read_text())


def test_every_misconception_has_a_second_program() -> None:
    """Written by somebody who had not read the rules: what a rule is tuned on proves nothing of it."""
    lacking = [
        f"{exercise.module}/{one.id}"
        for exercise in EXERCISES.values()
        for one in exercise.file.misconceptions
        if not (PROGRAMS / "second" / exercise.module / f"{one.id}.py").is_file()
    ]
    assert lacking == []
