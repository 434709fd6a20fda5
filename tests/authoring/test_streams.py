"""Exercises about asyncio's streams: their proof, what each wrong program hears, and what the page about them shows."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from grader.authoring.validate import validate_course
from grader.course.load import load_course
from grader.course.model import Exercise
from grader.grading import grade
from tests.authoring.conftest import AtOnce
from tests.proof.verdicts import judged
from tests.staging import PLACES

COURSE = Path(__file__).parents[1] / "programs" / "streams"
PAGE = Path(__file__).parents[2] / "docs" / "authoring.md"
EXERCISES = {exercise.slug: exercise for exercise in load_course(COURSE).exercises}
PROGRAMS = [
    (slug, path)
    for slug, exercise in EXERCISES.items()
    for path in sorted(Path(exercise.solutions or "").rglob("*.py"))
]


def test_the_course_is_proved() -> None:
    found = validate_course(load_course(COURSE), seeds=4, pool=lambda workers: AtOnce())
    assert [str(problem) for problem in found] == []


# Which checks each wrong program fails, in any of its cases: each check has a program that it fails.
FAILED = {
    "ask-both": {
        "reads_first": ["closed", "drained", "idle", "parallel", "result", "time", "work"],
        "no_line_end": ["closed", "idle", "parallel", "result", "time", "work"],
        "text_written": ["closed", "drained", "idle", "parallel", "result", "time", "work"],
        "one_by_one": ["parallel", "time"],
        "never_closes": ["closed", "idle"],
        "no_drain": ["drained"],
        "nothing_returned": ["result"],
    },
    "loud-echo": {
        "left_open": ["served", "time"],
        "never_closed": ["closed"],
        "not_loud": ["served"],
        "one_at_a_time": ["at-once"],
    },
}


@pytest.mark.parametrize(("slug", "name"), [(slug, name) for slug, names in FAILED.items() for name in names])
def test_each_wrong_program_fails_its_checks(slug: str, name: str) -> None:
    exercise = EXERCISES[slug]
    verdict = grade(exercise, Path(exercise.solutions or "", "wrong", f"{name}.py"), isolation="in-process")
    assert sorted({check.id for check in verdict.checks if check.status != "passed"}) == FAILED[slug][name]


@pytest.mark.parametrize("slug", FAILED)
def test_each_check_has_a_program_that_it_fails(slug: str) -> None:
    checks = {check.id for entry in EXERCISES[slug].file.entries.values() for check in entry.checks}
    never = {"work"} if slug == "loud-echo" else set()  # a gate, which the stub fails
    assert {check for failed in FAILED[slug].values() for check in failed} | never == checks


@pytest.mark.parametrize(("slug", "path"), PROGRAMS, ids=[f"{slug}-{path.stem}" for slug, path in PROGRAMS])
def test_both_doors_give_the_same_verdict_and_ledgers(slug: str, path: Path) -> None:
    def said(isolation: str) -> list[Any]:
        found = judged(EXERCISES[slug], path.name, path.read_bytes(), isolation)
        found[2] = found[3]["isolation"] = "either"
        return found

    first, second = map(said, PLACES)
    assert first == second


# ---------------------------------------------------------------- the page


def section() -> str:
    return PAGE.read_text(encoding="utf-8").partition("#### A scripted network\n")[2].partition("\n### ")[0]


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", section(), re.DOTALL)
    return str(found)


def exercise() -> Exercise:
    return EXERCISES["ask-both"]


def test_the_pages_world_is_the_one_that_is_played() -> None:
    assert block("python") == Path(exercise().folder, "world.py").read_text(encoding="utf-8")


def test_the_pages_checks_are_those_of_the_exercise() -> None:
    text = Path(exercise().folder, "exercise.yaml").read_text(encoding="utf-8")
    shown = [line.removesuffix("}") for line in block("yaml").splitlines()]
    assert [line for line in shown if line not in text] == []
    assert len(shown) == 4


def test_the_page_names_what_the_exercise_records() -> None:
    assert f"`records: [{', '.join(exercise().file.world.records)}]`" in section()


def test_the_page_names_all_that_may_be_replaced() -> None:
    schema = json.loads((PAGE.parent / "schema" / "exercise.schema.json").read_text(encoding="utf-8"))
    names = schema["$defs"]["World"]["properties"]["replaces"]["items"]["enum"]
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in page and f"`{name.partition('.')[2]}`" not in page] == []
