"""The example of a course of plain files: it is what it says, and one file of each outcome has the verdict that was planned."""

from collections import Counter
from pathlib import Path

import pytest

from grader.grading import grade
from grader.intake.places import places_of
from grader.intake.take import Asked
from tests.adopted_course.planned import ADOPTED, COURSE, EXERCISES, OUTCOMES, PLANNED, SUBMISSIONS, Key, said
from tests.intake.taking import take_in

INTAKE = take_in([SUBMISSIONS], COURSE.exercises, asked=Asked(places=places_of(COURSE)))
HANDED: dict[Key, Path] = {(item.learner, item.exercise): Path(item.path) for item in INTAKE.handed}
# one of each outcome but those that only end when they are stopped, in some of the stranger styles
SOME = [
    ("abebe", "all-lines"),
    ("aiko", "all-lines"),
    ("bence", "next-bus"),
    ("boris", "all-lines"),
    ("felix", "all-lines"),
    ("hedda", "watcher"),
    ("knut", "high-water"),
    ("luca", "next-bus"),
    ("mina", "all-lines"),
    ("mio", "high-water"),
    ("mirela", "next-bus"),
    ("nora", "high-water"),
    ("oskar", "next-bus"),
    ("otto", "watcher"),
    ("olga", "all-lines"),
    ("paula", "all-lines"),
    ("rune", "high-water"),
    ("theo", "mean-wait"),
    ("wim", "all-lines"),
    ("yves", "mean-wait"),
    ("yves", "stations"),
    ("berit", "how-often"),
    ("nora", "how-often"),
    ("tove", "how-often"),
    ("una", "stations"),
    ("farid", "next-bus"),
    ("kofi", "all-lines"),
]


def test_each_outcome_is_planned_at_least_twice_in_different_files() -> None:
    counts = Counter(planned.outcome for planned in PLANNED.values())
    assert set(counts) == set(OUTCOMES)
    assert min(counts.values()) >= 2
    texts = [path.read_bytes().strip() for key, path in HANDED.items() if PLANNED[key].outcome != "empty file"]
    assert len(set(texts)) == len(texts)


def test_there_are_many_learners_and_each_is_in_the_table() -> None:
    folders = {folder.name for folder in SUBMISSIONS.iterdir()}
    assert len(folders) >= 60
    assert {learner for learner, _ in PLANNED} == folders == set(INTAKE.learners)


def test_what_is_found_is_what_is_planned_and_no_more() -> None:
    assert HANDED.keys() == {key for key, planned in PLANNED.items() if planned.outcome != "missing"}


def test_the_table_names_checks_that_there_are() -> None:
    for (learner, slug), planned in PLANNED.items():
        ids = {check.id for entry in EXERCISES[slug].file.entries.values() for check in entry.checks}
        assert planned.not_met | planned.warned <= ids, (learner, slug)
        assert bool(planned.not_met) == (planned.outcome == "not yet"), (learner, slug)


def test_the_solutions_are_the_reference_files() -> None:
    for exercise in COURSE.exercises:
        reference = ADOPTED / "reference" / (exercise.file.within or "") / f"{exercise.module}.py"
        assert Path(exercise.solutions or "", "reference.py").read_bytes() == reference.read_bytes()


def test_each_way_of_having_earlier_files_is_there() -> None:
    ways = Counter(exercise.file.dependencies for exercise in COURSE.exercises)
    assert (ways["both"], ways["own"]) == (2, 1)


def test_every_exercise_has_misconceptions_and_each_is_shown_by_a_submission() -> None:
    shown = {(slug, planned.misconception) for (_, slug), planned in PLANNED.items() if planned.misconception}
    written = {(exercise.slug, one.id) for exercise in COURSE.exercises for one in exercise.file.misconceptions}
    assert {slug for slug, _ in written} == set(EXERCISES)
    assert written - shown == {("how-often", "levels-instead-of-numbers")}
    assert shown <= written


def test_it_is_a_course_of_the_kind_that_is_meant() -> None:
    files = {exercise.slug: exercise.file for exercise in COURSE.exercises}
    assert {file.within for file in files.values()} == {"night_bus", "river_gauge"}
    assert files["mean-wait"].module == files["stations"].module == "2-timed"
    assert all((file.module or "")[0].isdigit() for file in files.values())
    assert {entry.kind for file in files.values() for entry in file.entries.values()} == {
        "coroutine",
        "async_generator",
        "function",
        "function_in_loop",
    }


@pytest.mark.parametrize("key", SOME, ids="-".join)
def test_a_file_has_the_verdict_that_was_planned(key: Key) -> None:
    learner, slug = key
    verdict = grade(EXERCISES[slug], HANDED[key], seed=f"{slug}/{learner}", hidden=True)
    assert said(verdict) == PLANNED[key]
