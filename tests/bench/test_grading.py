"""The classes that the bench of a class is measured with."""

import ast
from pathlib import Path

from bench import grading
from grader.checks.imports import Names
from grader.run.plain import plays_along
from tests.proof.the_course import EXERCISES


def test_learners_of_several_files_have_each_a_plain_one_for_each_exercise(tmp_path: Path) -> None:
    grading.make_class_of_several(tmp_path, 6, 3)
    learners = sorted(tmp_path.iterdir())
    assert len(learners) == 2
    for folder in learners:
        assert {path.stem.replace("_", "-") for path in folder.iterdir()} == {*grading.SEVERAL}
        for path in folder.iterdir():
            nodes = Names.of(ast.parse(path.read_bytes())).nodes
            assert plays_along(EXERCISES[path.stem.replace("_", "-")], nodes, alone=True)


def test_as_many_files_stand_beside_them_one_for_a_learner(tmp_path: Path) -> None:
    grading.make_class_of_several(tmp_path, 6, 1)
    found = [[path.name for path in folder.iterdir()] for folder in sorted(tmp_path.iterdir())]
    assert found == [[f"{slug.replace('-', '_')}.py"] for slug in (*grading.SEVERAL, *grading.SEVERAL)]
