"""What was recorded of an exercise is read once while the exercise stays as it is."""

import shutil
from pathlib import Path

import pytest

from grader.course.load import load_exercise
from grader.grading import grade
from grader.grading.recorded import recorded_of
from grader.verdict import Timeline

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


# ---------------------------------------------------------------- a case that leaves something to be drawn


ADOPTED = ROOT / "examples" / "adopted"
REFERENCE = (ADOPTED / "solutions" / "07_high_water" / "reference.py").read_text()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """high-water: its case `six` fixes all values, its case `twice` leaves them to be drawn."""
    return Path(shutil.copytree(ADOPTED / "exercises" / "07_high_water", tmp_path / "exercises" / "07_high_water"))


def shown(folder: Path, learner: str | None = None) -> dict[str, tuple[str, Timeline | None]]:
    """Of each case how it was called and what is possible, where a learner's program is right in all."""
    verdict = grade(load_exercise(folder), REFERENCE, learner=learner)
    assert verdict.points == verdict.max_points
    return {case.case: (case.call, case.possible) for case in verdict.cases}


def test_what_is_possible_is_shown_where_the_same_values_were_drawn(copied: Path) -> None:
    call, possible = shown(copied)["twice"]
    assert call == "high_water(6, 9)"
    assert possible is not None
    assert (possible.returned, len(possible.bars)) == (18, 18)


def test_what_was_possible_with_other_values_is_not_shown(copied: Path) -> None:
    found = shown(copied, learner="rune")
    assert found["twice"] == ("high_water(6, 8)", None)
    assert found["six"][1] == shown(copied)["six"][1] is not None


def test_a_file_that_does_not_say_what_was_drawn_counts_where_nothing_is(copied: Path) -> None:
    file = copied / "possible.json"
    older = [line for line in file.read_text().splitlines() if '"drawn"' not in line]
    file.write_text("\n".join(older))
    found = shown(copied)
    assert found["twice"][1] is None
    assert found["six"][1] is not None
