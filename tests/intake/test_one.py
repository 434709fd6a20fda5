"""One learner's work: the rules of a class, with nobody's name to be found."""

from pathlib import Path

import pytest

import grader
from grader.course.model import Exercise
from grader.intake.one import Taken, take_one

ROOT = Path(__file__).parents[2]


COURSE, ADOPTED = grader.load_course(ROOT), grader.load_course(ROOT / "examples" / "adopted")


@pytest.fixture(scope="module")
def exercises() -> list[Exercise]:
    return [one for one in COURSE.exercises if one.slug in ("say-after", "two-downloads")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("pass\n")


def taken(folder: Path, exercises: list[Exercise], alone: bool = False) -> Taken:
    return take_one(folder, COURSE, exercises, folder.parent, alone=alone)


def files(found: Taken) -> dict[str, str]:
    return {slug: handed.file for slug, handed in found.files.items()}


@pytest.mark.parametrize(
    "name", ["say_after.py", "05_say_after.py", "Say-After.py", "sub/say_after.py", "say_after/x.py"]
)
def test_a_file_named_after_the_exercise_is_its_file(name: str, folder: Path, exercises: list[Exercise]) -> None:
    put(folder, name, "other.py")
    assert files(taken(folder, exercises)) == ({} if name.endswith("x.py") else {"say-after": name})


def test_the_one_nearest_the_top_is_taken_and_the_other_is_named(folder: Path, exercises: list[Exercise]) -> None:
    put(folder, "a/say_after.py", "say_after.py")
    found = taken(folder, exercises)
    assert files(found) == {"say-after": "say_after.py"}
    assert [(stray.path, stray.reason) for stray in found.strays] == [
        ("a/say_after.py", "another file for say-after; say_after.py was graded")
    ]


def test_the_only_program_will_do_where_one_exercise_is_graded(folder: Path, exercises: list[Exercise]) -> None:
    put(folder, "solution.py", "notes.txt")
    assert files(taken(folder, exercises[:1], alone=True)) == {exercises[0].slug: "solution.py"}
    assert files(taken(folder, exercises[:1])) == {}
    assert files(taken(folder, exercises, alone=True)) == {}
    put(folder, "more.py")
    assert files(taken(folder, exercises[:1], alone=True)) == {}


def test_links_and_what_programs_left_behind_are_passed_over(folder: Path, exercises: list[Exercise]) -> None:
    put(folder, "__MACOSX/say_after.py", ".x/say_after.py", "__pycache__/say_after.py")
    (folder / "say_after.py").symlink_to("/etc/passwd")
    (folder / "sub").symlink_to(ROOT / "solutions")
    (folder / "dir" / "say_after.py").mkdir(parents=True)
    found = taken(folder, exercises)
    assert files(found) == {}
    assert found.why_not(exercises[0]) == "say_after.py: a link that leads outside"


def test_a_virtual_environment_is_not_looked_into(folder: Path, exercises: list[Exercise]) -> None:
    put(folder, "work/venv/pyvenv.cfg", "work/venv/lib/say_after.py", "work/say_after.py")
    assert files(taken(folder, exercises)) == {exercises[0].slug: "work/say_after.py"}
    (folder / "work" / "say_after.py").unlink()
    assert files(taken(folder, exercises)) == {}


def test_what_is_not_there_has_no_reason(folder: Path, exercises: list[Exercise]) -> None:
    put(folder, "notes.txt")
    assert taken(folder, exercises).why_not(exercises[0]) == ""


def test_where_the_course_says_so_a_file_is_found_by_its_place(folder: Path) -> None:
    timed = [one for one in ADOPTED.exercises if one.module == "2-timed"]
    first, second = (one.file.within for one in timed)
    put(folder, f"work/{first}/2-timed.py", f"work/{second}/2-timed.py", f"work/{second}/1-other.py", "2-timed.py")
    found = take_one(folder, ADOPTED, timed, folder.parent, alone=False)
    assert files(found) == {one.slug: f"work/{one.file.within}/2-timed.py" for one in timed}
    assert "2-timed.py: has the name of" in found.why_not(timed[0])
    alone = take_one(folder, ADOPTED, timed[1:], folder.parent, alone=True)
    assert files(alone) == {timed[1].slug: f"work/{second}/2-timed.py"}


def test_a_stub_that_was_filled_in_where_it_is_handed_out_is_its_exercises_file(folder: Path) -> None:
    way, how_often = "exercises/09_how_often/3-how_often.py", ADOPTED.exercises[8]
    put(folder, way, "exercises/06_readings/0-readings.py")
    assert files(take_one(folder, ADOPTED, [how_often], folder.parent, alone=False)) == {"how-often": way}
