"""The digest of an exercise changes with all that bears on a verdict, and with nothing else."""

import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.course.load import load_exercise
from grader.course.model import Exercise
from grader.grading.stamp import digest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """One that has a world, checks of its own, what is possible, and hidden cases."""
    for part in ("exercises", "solutions"):
        shutil.copytree(ROOT / part / "24_process_output", tmp_path / part / "24_process_output")
    folder = tmp_path / "exercises" / "24_process_output"
    (folder / "checks.py").write_text("def ours(run):\n    return None\n")
    text = (folder / "exercise.yaml").read_text()
    at = text.index("    checks:\n") + len("    checks:\n")
    (folder / "exercise.yaml").write_text(
        f"{text[:at]}      - {{id: ours, points: 0, python: checks.py:ours}}\n{text[at:]}"
    )
    return load_exercise(folder)


@pytest.mark.parametrize("name", ["exercise.yaml", "world.py", "checks.py", "possible.json"])
def test_a_change_in_a_file_that_bears_on_a_verdict_shows(exercise: Exercise, name: str) -> None:
    before = digest(exercise)
    file = Path(exercise.folder, name)
    file.write_bytes(file.read_bytes() + b"\n")
    assert digest(exercise) != before


def test_a_change_in_hidden_cases_shows(exercise: Exercise) -> None:
    before = digest(exercise)
    file = Path(exercise.solutions or "", "hidden.yaml")
    file.write_bytes(file.read_bytes() + b"\n")
    assert digest(exercise) != before


def test_other_limits_and_another_title_show(exercise: Exercise) -> None:
    changed = [replace(exercise, title="Another"), replace(exercise, limits=replace(exercise.limits, turns=7))]
    assert len({digest(one) for one in (exercise, *changed)}) == 3


def test_what_does_not_bear_on_a_verdict_changes_nothing(exercise: Exercise) -> None:
    before = digest(exercise)
    Path(exercise.folder, "README.md").write_text("Read this.")
    Path(exercise.folder, "exercise.yaml").write_bytes(
        Path(exercise.folder, "exercise.yaml").read_bytes().replace(b"\n", b"\r\n")
    )
    assert digest(exercise) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(exercise: Exercise) -> None:
    file = Path(exercise.folder, "possible.json")
    file.unlink()
    without = digest(exercise)
    os.mkfifo(file)
    assert digest(exercise) == without
