"""Every program of every exercise through both doors: the same record of each case, byte for byte."""

from collections.abc import Iterator

import pytest

from grader.authoring.programs import Program, programs_of
from grader.course.model import Exercise
from grader.run import open_submission
from tests.proof.the_course import EXERCISES, every_case
from tests.staging import bytes_of


@pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(exercise, id=slug, marks=[] if slug == "say-after" else pytest.mark.slow)
        for slug, exercise in EXERCISES.items()
    ],
)
def test_both_doors_have_the_same_record_of_every_program(exercise: Exercise) -> None:
    different = [place for program in programs_of(exercise) for place in _different(exercise, program)]
    assert different == []


def _different(exercise: Exercise, program: Program) -> Iterator[str]:
    """The cases in which the two records differ."""
    source, name = program.path.read_bytes(), program.path.name
    with (
        open_submission(source, filename=name, isolation="in-process", limits=exercise.limits) as here,
        open_submission(source, filename=name, isolation="child", limits=exercise.limits) as child,
    ):
        for case in every_case(exercise):
            if bytes_of(here.play(exercise, case).record) != bytes_of(child.play(exercise, case).record):
                yield f"{name}, {case.entry}, case {case.id}"


def test_there_are_programs_of_each_role() -> None:
    roles = {(exercise.slug, program.role) for exercise in EXERCISES.values() for program in programs_of(exercise)}
    assert roles == {(slug, role) for slug in EXERCISES for role in ("stub", "right", "wrong")}
