"""Loading: a good course as structs with their places, and a course that cannot be."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.check_model import ElapsedCheck, ParallelCheck
from grader.course.load import find_exercise, load_course, load_exercise, locate_exercise
from grader.course.model import Draw
from grader.errors import CourseError, UsageError

Spoil = Callable[..., Path]
HERE = "exercises/05_two_calls/exercise.yaml"


def complaints(path: str | Path = ".") -> list[str]:
    with pytest.raises(CourseError) as error:
        load_course(path)
    return [str(problem) for problem in error.value.problems]


# ---------------------------------------------------------------- what is right


def test_an_exercise_knows_the_slug_that_it_had(folder: Path, tmp_path: Path, course_text: str) -> None:
    assert load_course().exercises[0].was is None
    (tmp_path / "course.yaml").write_text(course_text.replace("points: 10", "points: 10, was: both-calls"))
    assert load_course().exercises[0].was == "both-calls"


def test_of_two_exercises_that_had_the_same_slug_one_is_too_many(
    folder: Path, tmp_path: Path, course_text: str
) -> None:
    line = "      - {folder: 05_two_calls, title: Two calls, points: 10}\n"
    assert line in course_text
    second = tmp_path / "exercises" / "06_three_calls"
    shutil.copytree(folder, second)
    (second / "two_calls.py").rename(second / "three_calls.py")
    text = (second / "exercise.yaml").read_text()
    (second / "exercise.yaml").write_text(text.replace("slug: two-calls", "slug: three-calls"))
    both = "".join(
        line.replace("10}", "10, was: calls}").replace("05_two_calls", name)
        for name in ("05_two_calls", "06_three_calls")
    )
    (tmp_path / "course.yaml").write_text(course_text.replace(line, both))
    why = "as that of another exercise is (on line 7); marks can go to one only, keep one"
    assert complaints() == [f"course.yaml:8: 'was' is 'calls', {why}"]


def test_a_course_is_loaded_with_its_places(folder: Path) -> None:
    course = load_course()
    (exercise,) = course.exercises
    assert (course.title, exercise.title, exercise.unit, exercise.number) == ("A course", "Two calls", "tasks", "05")
    assert (exercise.slug, exercise.module, exercise.points) == ("two-calls", "two_calls", 10)
    assert exercise.folder == str(folder)
    assert exercise.solutions is None
    assert exercise.hidden == ()


def test_a_check_has_the_kind_of_the_key_that_names_it(folder: Path) -> None:
    checks = load_course().exercises[0].file.entries["both"].checks
    assert isinstance(checks[1], ParallelCheck)
    assert isinstance(checks[2], ElapsedCheck)
    assert checks[2].elapsed == "=max(a, b)"


def test_a_draw_keeps_whole_numbers_whole(spoil: Spoil) -> None:
    spoil("a: {number: [1, 9], step: 0.5}", "a: {int: [1, 9]}")
    drawn = load_course().exercises[0].file.vars["a"]
    assert drawn == Draw(int=[1, 9])


def test_limits_come_from_the_exercise_then_the_course_and_may_be_open(spoil: Spoil) -> None:
    spoil("schema: 1\n", "schema: 1\nlimits: {tasks: 3}\n")
    limits = load_course().exercises[0].limits
    assert (limits.tasks, limits.wall_seconds, limits.turns) == (3, 7, None)


def test_an_exercise_is_loaded_by_itself_with_its_place_in_the_course(folder: Path) -> None:
    exercise = load_exercise(folder)
    assert (exercise.title, exercise.unit, exercise.limits.wall_seconds) == ("Two calls", "tasks", 7)


def test_an_exercise_handed_out_alone_has_its_goal_as_title_and_the_sum_of_its_points(
    folder: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "elsewhere" / "05_two_calls"
    shutil.copytree(folder, alone)
    exercise = load_exercise(alone)
    assert (exercise.title, exercise.unit, exercise.points) == ("Call twice at the same time.", "", 10)


def test_hidden_cases_come_from_the_solutions(folder: Path, tmp_path: Path) -> None:
    solutions = tmp_path / "solutions" / "05_two_calls"
    solutions.mkdir(parents=True)
    (solutions / "hidden.yaml").write_text("schema: 1\ncases:\n  - {name: secret, draws: 3}\n")
    exercise = load_exercise(folder)
    assert [case.name for case in exercise.hidden] == ["secret"]
    assert exercise.solutions == str(solutions)


@pytest.mark.parametrize(
    "name", ["two-calls", "two_calls", "05", "5", "05_two_calls", "exercises/05_two_calls", "exercises/05_two_calls/"]
)
def test_an_exercise_has_many_names(folder: Path, name: str) -> None:
    assert find_exercise(load_course(), name).slug == "two-calls"
    assert locate_exercise(".", name) == str(folder)


def test_an_unknown_exercise_has_a_nearest_one(folder: Path) -> None:
    with pytest.raises(UsageError) as error:
        find_exercise(load_course(), "two_cals")
    assert str(error.value) == "there is no exercise 'two_cals'; did you mean 'two-calls'?"


def test_a_course_is_found_by_its_file_too(folder: Path, tmp_path: Path) -> None:
    assert load_course(tmp_path / "course.yaml").path == str(tmp_path / "course.yaml")


# ---------------------------------------------------------------- the course itself


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            "folder: 05_two_calls",
            "folder: 05_two_cals",
            [
                "course.yaml:7: there is no exercise '05_two_cals' in exercises; did you mean '05_two_calls'?",
            ],
        ),
        (
            "defaults:",
            "      - {folder: 05_two_calls, title: Again, points: 10}\ndefaults:",
            ["course.yaml:8: '05_two_calls' is listed twice (first on line 7); keep one"],
        ),
        ("points: 10", "points: 10, was: two-calls", ["course.yaml:7: 'was' is 'two-calls', which is what '05_two_calls' is called; take 'was' out, or give the slug that the exercise had"]),
        ("points: 10", "points: 10, was: Two", ["course.yaml:7: 'was' is 'Two'; it must be lower-case words joined by '-'"]),
        ("points: 10", "pionts: 10", ["course.yaml:7: unknown key 'pionts'; did you mean 'points'?"]),
        ("units:\n", "units: []\nunis:\n", ["course.yaml:3: 'units' has 0 items; at least 1 is needed", "course.yaml:4: unknown key 'unis'; did you mean 'units'?"]),
        ("wall_seconds: 7", "wall_seconds: soon", ["course.yaml:9: 'wall_seconds' must be a number, not 'soon'"]),
    ],
)  # fmt: skip
def test_a_course_that_cannot_be_is_told(
    folder: Path, tmp_path: Path, course_text: str, old: str, new: str, messages: list[str]
) -> None:
    assert old in course_text
    (tmp_path / "course.yaml").write_text(course_text.replace(old, new))
    assert complaints() == messages


def test_a_prerequisite_comes_first(spoil: Spoil, tmp_path: Path, course_text: str) -> None:
    folder = spoil("schema: 1\n", "schema: 1\nprerequisites: [later]\n")
    later = folder.parent / "06_later"
    later.mkdir()
    text = (folder / "exercise.yaml").read_text().replace("two-calls", "later").replace("prerequisites: [later]\n", "")
    (later / "exercise.yaml").write_text(text)
    (later / "later.py").write_text("")
    more = "      - {folder: 06_later, title: Later}\ndefaults:"
    (tmp_path / "course.yaml").write_text(course_text.replace("defaults:", more))
    assert complaints() == [f"{HERE}:2: the prerequisite 'later' comes later; change the order"]


def test_a_folder_without_a_course_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert complaints() == [".: there is no course.yaml here; go to the folder of a course, or name it"]


def test_a_list_where_a_course_belongs_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("- a\n")
    assert complaints() == ["course.yaml:1: the file must be a mapping, not a list"]


def test_a_list_where_an_exercise_belongs_is_told(folder: Path) -> None:
    (folder / "exercise.yaml").write_text("- a\n")
    assert complaints() == [f"{HERE}:1: the file must be a mapping, not a list"]


def test_a_folder_that_is_no_exercise_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match=r"^\.: there is no exercise\.yaml here; name the folder of an exercise$"):
        load_exercise(".")


def test_a_folder_without_number_is_told(folder: Path) -> None:
    moved = folder.rename(folder.parent / "two_calls")
    with pytest.raises(
        CourseError, match="the folder 'two_calls' is not a number and the slug; name it such as '05_two_calls'"
    ):
        load_exercise(moved)


WORLD_PROBLEM = "exercises/05_two_calls/world.py:1: there is no function 'build'; add 'def build(world, v)'"


def problems_of_exercise(folder: Path) -> list[str]:
    with pytest.raises(CourseError) as error:
        load_exercise(folder)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize("course", ["schema: 1\n", "", "title: [\n"])
def test_an_exercise_tells_its_own_problems_and_the_courses(spoil: Spoil, tmp_path: Path, course: str) -> None:
    folder = spoil("goal: Call", "gaol: Call")
    (tmp_path / "course.yaml").write_text(course)
    found = problems_of_exercise(folder)
    assert any(one.startswith("course.yaml:") for one in found)
    assert f"{HERE}:3: unknown key 'gaol'; did you mean 'goal'?" in found
    assert not any("points add up" in one for one in found)


@pytest.mark.parametrize("text", ["", "world: [\n", "world: 3\n"])
def test_problems_of_the_world_are_told_where_the_exercise_cannot_be_read(folder: Path, text: str) -> None:
    (folder / "exercise.yaml").write_text(text)
    (folder / "world.py").write_text("def bild(world, v): ...\n")
    found = problems_of_exercise(folder)
    assert WORLD_PROBLEM in found
    assert any(one.startswith(f"{HERE}:") for one in found)
