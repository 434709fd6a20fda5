"""Packages that a course names: importable in a job at every level, with what they need, and nothing else of their folder."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.errors import UsageError
from grader.run.child import Child
from grader.run.levels import LEVELS, level_of, why_not
from grader.run.limits import DEFAULTS
from grader.run.packages import located
from tests.proof.the_course import ROOT
from tests.staging import staged, waiting

IMPORTING = b"""
async def main(op):
    import jsonschema, yaml
    yaml.safe_load("a: 1")
    jsonschema.validate(1, {"type": "integer"})
    found = []
    for name in ("msgspec", "pytest", "grader.referee.referee"):
        try:
            __import__(name)
            found.append(name)
        except ImportError:
            pass
    return found
"""


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_named_can_be_imported_with_what_it_needs_and_nothing_beside_it(level: str) -> None:
    if why_not(level):
        pytest.skip(f"isolation {level} cannot be had here: {why_not(level)}")
    child = Child(IMPORTING, "program.py", DEFAULTS, level_of(level, located(("PyYAML", "jsonschema"))))
    try:
        outcome = child.run(staged(lambda world: [waiting(world)])).outcome
    finally:
        child.close()
    assert outcome.failure is None
    assert outcome.value == []


def test_what_a_package_needs_is_found_too() -> None:
    found = located(("jsonschema",))
    assert {"jsonschema", "referencing", "attr", "rpds"} <= set(found)
    assert all(Path(place).exists() for place in found.values())
    assert "pytest" not in found


def test_nothing_is_needed_for_nothing() -> None:
    assert located(()) == {}


def test_a_package_that_is_not_installed_is_an_error_that_names_it() -> None:
    with pytest.raises(UsageError, match="^packages: 'no-such-thing' is not installed beside the grader; install it"):
        located(("PyYAML", "no-such-thing"))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course that names packages."""
    folder = tmp_path / "course"
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name / "01_first_await", folder / name / "01_first_await")
    (folder / "course.yaml").write_text(
        "schema: 1\ntitle: One\npackages: [PyYAML]\n"
        "units:\n  - id: one\n    title: One\n    exercises:\n      - {folder: 01_first_await, title: Say}\n"
    )
    return folder


def test_an_exercise_knows_its_courses_packages(course: Path) -> None:
    assert load_course(course).exercises[0].packages == ("PyYAML",)


def test_a_class_is_not_graded_while_a_package_is_missing(course: Path, tmp_path: Path) -> None:
    file = course / "course.yaml"
    file.write_text(file.read_text().replace("PyYAML", "no-such-thing"))
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ann.py").write_text("")
    words = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--exercise", "first-await"]
    done = CliRunner().invoke(main, ["--course", str(course), *words])
    assert done.exit_code == 2
    assert "packages: 'no-such-thing' is not installed" in done.stderr
