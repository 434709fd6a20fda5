"""What was recorded of an exercise is read once while the exercise stays as it is."""

import shutil
from pathlib import Path

from grader.course.load import load_exercise
from grader.grading.recorded import recorded_of

ROOT = Path(__file__).parents[2]


def test_it_is_read_once_for_all_that_are_graded() -> None:
    exercise = load_exercise(ROOT / "exercises" / "05_say_after")
    assert recorded_of(exercise) is recorded_of(exercise)
    assert "together/as-documented" in recorded_of(exercise).timelines


def test_it_is_not_shown_once_the_exercise_has_changed(tmp_path: Path) -> None:
    folder = tmp_path / "exercises" / "05_say_after"
    shutil.copytree(ROOT / "exercises" / "05_say_after", folder)
    exercise = load_exercise(folder)
    assert recorded_of(exercise).timelines
    file = folder / "exercise.yaml"
    file.write_bytes(file.read_bytes() + b"\n")
    assert not recorded_of(exercise).timelines
