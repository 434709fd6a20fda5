"""A course that is built again when learners have grades: no grade goes away unasked."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from tests.notebooks.classroom import UNIT, Classroom

GONE, NEW = "first-await--greet_twice--time", "first-await--greet_twice--three-seconds"


@pytest.fixture
def renamed(room: Classroom, tmp_path: Path) -> Classroom:
    """A check of the course has another id than in the notebooks that were handed out."""
    course = shutil.copytree(room.course, tmp_path / "course")
    path = course / "exercises" / "01_first_await" / "exercise.yaml"
    path.write_text(path.read_text().replace("- id: time\n", "- id: three-seconds\n", 1))
    for proof in course.glob("solutions/*/proof*"):
        proof.unlink()
    return Classroom(course, room.root)


def _build(room: Classroom, *more: str) -> Result:
    return CliRunner().invoke(
        main, ["notebooks", "build", "--course", str(room.course), "--out", str(room.root), *more]
    )


def _graded(room: Classroom, *learners: str, points: float | None = 1.0) -> None:
    with room.gradebook as book:
        for learner in learners:
            book.update_or_create_student(learner)
            book.update_or_create_submission(UNIT, learner)
            book.find_grade(GONE, "first-await", UNIT, learner).manual_score = points
        book.db.commit()


def _files(room: Classroom) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in room.root.rglob("*") if path.is_file() and path.suffix != ".db"}


def test_a_cell_with_grades_that_would_go_is_refused_by_name_and_nothing_is_built(renamed: Classroom) -> None:
    _graded(renamed, "ann", "bob")
    before, book = _files(renamed), renamed.root / "source" / UNIT / "first-await.ipynb"
    run = _build(renamed)
    assert run.exit_code == 2
    assert run.output == (
        f"grader: {book}: {GONE} would go, and 2 learners have grades on it\n"
        f"grader: {book}: learners have handed it in, and nbgrader refuses to generate it with other cells "
        f"(added {NEW}; gone {GONE})\n"
        "grader: nothing was built; give each check its old id back, or say --force: the notebooks are built without these "
        "cells, and nbgrader keeps them with their grades until 'nbgrader db assignment remove start --force' takes all of "
        "the assignment away\n"
    )
    assert _files(renamed) == before


def test_so_it_is_where_the_notebooks_of_before_are_not_there_any_more(renamed: Classroom) -> None:
    _graded(renamed, "ann")
    shutil.rmtree(renamed.root / "source")
    run = _build(renamed)
    assert (run.exit_code, f"{GONE} would go, and 1 learner has a grade on it" in run.output) == (2, True)
    assert not (renamed.root / "source").exists()


def test_who_says_so_has_it_built_and_nbgrader_keeps_the_grades(renamed: Classroom) -> None:
    _graded(renamed, "ann")
    run = _build(renamed, "--force")
    assert run.exit_code == 0
    assert f"{GONE} goes, and 1 learner has a grade on it\n" in run.output
    assert NEW in str(renamed.source("first-await"))
    assert GONE not in str(renamed.source("first-await"))
    with renamed.gradebook as book:
        assert book.find_grade(GONE, "first-await", UNIT, "ann").score == 1.0


def test_what_was_handed_in_and_has_no_grade_of_it_is_built_and_it_is_told_what_nbgrader_makes_of_it(
    renamed: Classroom,
) -> None:
    _graded(renamed, "ann", points=None)
    book = renamed.root / "source" / UNIT / "first-await.ipynb"
    run = _build(renamed)
    assert run.exit_code == 0
    assert run.stderr.startswith(
        f"grader: {book}: learners have handed it in, and nbgrader refuses to generate it with other cells "
        f"(added {NEW}; gone {GONE})\n"
    )
    told = renamed.nbgrader.generate_assignment(UNIT, force=True)
    assert (told["success"], "Cannot add or remove cells for notebook 'first-await'" in told["log"]) == (False, True)


def test_where_all_cells_are_as_they_were_nothing_is_said(room: Classroom) -> None:
    _graded(room, "ann")
    run = _build(room)
    assert (run.exit_code, run.output) == (0, f"{room.root}: 2 unchanged notebooks, nbgrader_config.py\n")


def test_a_gradebook_that_is_none_is_one_sentence(room: Classroom) -> None:
    (room.root / "gradebook.db").write_text("anything but a database")
    run = _build(room)
    assert (run.exit_code, run.output) == (
        2,
        f"grader: {room.root}/gradebook.db: cannot be read as nbgrader's gradebook (file is not a database)\n",
    )
