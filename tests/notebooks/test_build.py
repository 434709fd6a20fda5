"""What `grader notebooks build` makes, and what becomes of it when it is built again."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course, load_exercise
from grader.errors import CourseError
from grader.notebooks.build import merged
from grader.notebooks.cells import cells_of
from grader.notebooks.config import AUTOGRADE, GENERATE, SANITIZE
from grader.notebooks.examples import examples
from grader.notebooks.items import exercise_of, items
from tests.notebooks.classroom import COURSE, FIRST, ROOT, UNIT, Classroom, about, plain, small_course


@pytest.fixture(scope="module")
def built(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    return Classroom.build(course, tmp_path_factory.mktemp("built"))


def test_the_points_of_every_exercise_add_up_and_every_cell_has_a_name_of_its_own() -> None:
    for exercise in load_course(ROOT).exercises:
        cells = [about(cell) for cell in cells_of(exercise)]
        assert sum(cell.get("points", 0) for cell in cells) == pytest.approx(exercise.points)
        names = [cell["grade_id"] for cell in cells]
        assert len(set(names)) == len(names) == 2 + len(items(exercise))
        assert {exercise_of(cell["grade_id"]) for cell in cells if cell["grade"]} == {exercise.slug}


def test_a_notebook_has_the_prompt_the_stub_and_a_test_cell_for_each_check_with_points(built: Classroom) -> None:
    prompt, solution, *tests = built.source("first-await")["cells"]
    assert prompt["cell_type"] == "markdown"
    assert "".join(prompt["source"]).startswith("# A call is not a run\n")
    assert about(prompt)["locked"]
    text = "".join(solution["source"])
    stub = (ROOT / "exercises/01_first_await/first_await.py").read_text()
    assert text == f"{stub}### BEGIN SOLUTION\n{FIRST}### END SOLUTION"
    assert [about(cell)["grade_id"] for cell in tests] == [
        f"first-await--greet_twice--{check}" for check in ("result", "calls", "order", "time", "hygiene")
    ]
    assert "".join(tests[0]["source"]).split("\n")[1:] == [
        "# It is called like this:",
        *(f"#   {line}" for line in examples(load_course(built.course).exercises[0], "greet_twice")),
        "from grader.notebooks import earned",
        "",
        "earned('first-await', 'greet_twice', 'result')",
        "### BEGIN HIDDEN TESTS",
        "earned('first-await', 'greet_twice', 'result', hidden=True)",
        "### END HIDDEN TESTS",
    ]


def test_an_example_that_is_long_takes_two_lines() -> None:
    exercise = load_exercise(ROOT / "exercises" / "02_run_it_once")
    assert list(examples(exercise, "main_program"))[-2:] == [
        "main_program(fetch, ['x.example', 'y.example', 'z.example'])",
        "    # returns ['ex', 'why', 'zed']; takes 4 s",
    ]


def test_a_test_cell_shows_the_visible_cases_and_no_hidden_one(built: Classroom) -> None:
    cells = {about(cell)["grade_id"]: "".join(cell["source"]) for cell in built.source("say-after")["cells"]}
    text = cells["say-after--together--time"]
    call = "#   together(say_after, "
    assert [line for line in text.split("\n") if line.startswith(call)] == [
        f"{call}1, 'hello', 2, 'world')  # returns ['hello', 'world']",
        f"{call}5, 'slow', 2, 'quick')  # returns ['slow', 'quick']",
    ]
    assert "one_after_the_other" not in text


def test_every_exercise_has_an_example_in_its_cells() -> None:
    for exercise in load_course(ROOT).exercises:
        texts = ["".join(cell["source"]) for cell in cells_of(exercise) if about(cell)["grade"]]
        assert all(f"#   {item.entry}(" in text for item, text in zip(items(exercise), texts, strict=True)), (
            exercise.slug
        )


def test_what_is_handed_out_has_the_stub_and_neither_a_solution_nor_a_hidden_test(released: Path) -> None:
    release = released / "release" / UNIT
    handed = json.loads((release / "first-await.ipynb").read_bytes())
    text = json.dumps(handed)
    assert "hidden" not in text
    assert "SOLUTION" not in text
    (solution,) = (cell for cell in handed["cells"] if about(cell).get("solution"))
    stub = (ROOT / "exercises/01_first_await/first_await.py").read_text()
    assert "".join(solution["source"]).rstrip() == stub.rstrip()
    beside = {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()}
    assert "exercises/05_say_after/exercise.yaml" in beside
    assert not [name for name in beside if "hidden" in name or "solution" in name or "reference" in name]


def test_a_solution_of_an_instructors_own_is_handed_out_as_nbgrader_has_it(room: Classroom) -> None:
    path = room.root / "source" / UNIT / "first-await.ipynb"
    notebook = room.source("first-await")
    cell = plain("### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION", "mine")
    cell["metadata"]["nbgrader"] = {**about(notebook["cells"][1]), "grade_id": "my-solution"}
    path.write_text(json.dumps(notebook | {"cells": [*notebook["cells"], cell]}))
    room.generate()
    handed = json.loads((room.root / "release" / UNIT / "first-await.ipynb").read_bytes())["cells"]
    assert "".join(handed[-1]["source"]) == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert "YOUR CODE" not in json.dumps(handed[:-1])


def test_where_nbgrader_has_other_steps_than_ours_they_stand_in_its_order() -> None:
    """What a newer nbgrader does in between must not be left out here."""
    from nbgrader.converters import Autograde, GenerateAssignment

    def theirs(converter: Any, trait: str) -> list[str]:
        return [one.__name__ for one in getattr(converter(), trait)]

    def ours(names: tuple[str, ...]) -> list[str]:
        own = {"ClearReferences": "ClearSolutions", "GradeExercises": "Execute"}
        short = [name.rpartition(".")[2] for name in names if not name.endswith((".RestoreCells", ".AskForAttention"))]
        return [own.get(name, name) for name in short]

    assert ours(GENERATE) == theirs(GenerateAssignment, "preprocessors")
    assert ours(SANITIZE) == theirs(Autograde, "sanitize_preprocessors")
    assert ours(AUTOGRADE) == theirs(Autograde, "autograde_preprocessors")


def test_building_again_changes_nothing(built: Classroom) -> None:
    before = {path: path.read_bytes() for path in built.root.rglob("*") if path.is_file()}
    run = _build(built)
    assert run == f"{built.root}: 2 unchanged notebooks, nbgrader_config.py\n"
    assert {path: path.read_bytes() for path in built.root.rglob("*") if path.is_file()} == before


def test_cells_that_an_instructor_added_stay_where_they_are(tmp_path: Path, course: Path) -> None:
    room = Classroom.build(course, tmp_path / "out")
    path = room.root / "source" / UNIT / "first-await.ipynb"
    notebook = room.source("first-await")
    top, between, last = (plain(f"# {name}", name) for name in ("top", "between", "last"))
    notebook["cells"] = [top, notebook["cells"][0], between, *notebook["cells"][1:], last]
    notebook["cells"][3]["source"] = ["# an older stub"]
    path.write_text(json.dumps(notebook))
    assert _build(room) == f"{room.root}: 1 updated, 1 unchanged notebooks, nbgrader_config.py\n"
    again = room.source("first-await")["cells"]
    assert [cell["source"] for cell in (again[0], again[2], again[-1])] == ["# top", "# between", "# last"]
    assert "".join(again[3]["source"]).endswith("### END SOLUTION")


def test_a_cell_of_a_check_that_is_gone_is_taken_out_and_told(tmp_path: Path, course: Path) -> None:
    room = Classroom.build(course, tmp_path / "out")
    path = room.root / "source" / UNIT / "first-await.ipynb"
    notebook = room.source("first-await")
    notebook["cells"][2]["metadata"]["nbgrader"]["grade_id"] = "first-await--greet_twice--older"
    path.write_text(json.dumps(notebook))
    assert _build(room).startswith(f"grader: {path}: no longer there: first-await--greet_twice--older\n")
    assert "older" not in path.read_text()


def test_a_configuration_of_ones_own_stays_and_it_is_told_what_belongs_into_it(tmp_path: Path, course: Path) -> None:
    room = Classroom(course, tmp_path)
    own = tmp_path / "nbgrader_config.py"
    own.write_text("c = get_config()\n")
    assert _build(room).startswith(
        f"grader: {own} is yours and was left; put these lines into it:\n"
        "  from grader.notebooks.config import configure\n"
        f"  configure(c, course={str(course)!r}, course_id='a-small-course')\n"
    )
    assert own.read_text() == "c = get_config()\n"
    text = f"from grader.notebooks.config import configure\nconfigure(c, course={str(course)!r}, course_id='y')\n"
    own.write_text(text)
    assert _build(room) == f"{tmp_path}: 2 unchanged notebooks, nbgrader_config.py\n"
    own.write_text(text.replace(repr(str(course)), "PLACE"))  # what cannot be read is nobody's to change
    assert _build(room) == f"{tmp_path}: 2 unchanged notebooks, nbgrader_config.py\n"


def test_where_the_course_has_moved_its_new_place_stands_in_the_configuration(tmp_path: Path, course: Path) -> None:
    before = small_course(tmp_path / "before")
    room = Classroom.build(before, tmp_path / "out")
    own = room.root / "nbgrader_config.py"
    own.write_text(f"{own.read_text()}c.Execute.timeout = 3  # {before}\n")
    moved = Classroom(before.rename(tmp_path / "after it's done"), room.root)
    said = f"grader: {own}: the course was elsewhere, and is now the one that this is built from\n"
    assert _build(moved).startswith(said)
    found = moved.config()
    assert (found.GradeExercises.course, found.Execute.timeout) == (str(moved.course), 3)
    assert own.read_text().endswith(f"  # {before}\n")
    assert own.read_text().startswith(f'"""nbgrader for the course in {str(moved.course)!r}.')
    assert said not in _build(moved)


SECOND = """\
  - id: later
    title: Later
    exercises:
      - {folder: 05_say_after, title: One after the other, points: 10}
"""
MOVED = COURSE.replace(SECOND.splitlines()[-1] + "\n", "") + SECOND


def test_an_exercise_that_is_in_another_unit_now_is_there_with_what_was_added_to_it(tmp_path: Path) -> None:
    course = small_course(tmp_path / "course")
    room = Classroom.build(course, tmp_path / "out")
    old, new = (room.root / "source" / unit for unit in (UNIT, "later"))
    book = room.source("say-after")
    (old / "say-after.ipynb").write_text(json.dumps(book | {"cells": [plain("# mine", "mine"), *book["cells"]]}))
    (old / "exercises" / "05_say_after" / "mine.txt").write_text("mine")
    (course / "course.yaml").write_text(MOVED)
    said = f"grader: {old / 'say-after.ipynb'}: taken out; say-after is in later now\n"
    assert said in _build(room)
    assert not (old / "say-after.ipynb").exists()
    assert [path.name for path in (old / "exercises" / "05_say_after").iterdir()] == ["mine.txt"]
    assert (old / "first-await.ipynb").is_file()
    assert json.loads((new / "say-after.ipynb").read_bytes())["cells"][0]["source"] == "# mine"
    assert said not in _build(room)


def test_one_on_which_learners_have_grades_is_left_where_it_was_and_told(room: Classroom, tmp_path: Path) -> None:
    course = small_course(tmp_path / "course")
    (course / "course.yaml").write_text(MOVED)
    with room.gradebook as book:
        book.update_or_create_student("ann")
        book.update_or_create_submission(UNIT, "ann")
    old = room.root / "source" / UNIT / "say-after.ipynb"
    told = _build(Classroom(course, room.root))
    assert f"grader: {old}: say-after is in later now; left, for learners have grades on it here\n" in told
    assert old.is_file()


def test_a_notebook_of_somebody_elses_of_the_same_name_is_left_in_peace(tmp_path: Path, course: Path) -> None:
    other = tmp_path / "out" / "source" / "mine" / "say-after.ipynb"
    other.parent.mkdir(parents=True)
    other.write_text(json.dumps({"cells": [plain("# mine", "mine")]}))
    assert "taken out" not in _build(Classroom(course, tmp_path / "out"))
    assert other.is_file()


def test_what_nbgrader_would_take_for_a_marker_is_refused_with_its_line(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    stub = tmp_path / "exercises/01_first_await/first_await.py"
    stub.write_text(stub.read_text() + "# BEGIN SOLUTION of mine\n")
    line = len(stub.read_text().splitlines())
    with pytest.raises(CourseError) as told:
        cells_of(load_course(course).exercises[0])
    assert str(told.value) == (
        f"{stub}:{line}: '# BEGIN SOLUTION of mine' holds 'BEGIN SOLUTION', which nbgrader takes for its own; "
        "write it in another way"
    )


def test_a_notebook_that_is_none_is_not_written_over(tmp_path: Path, course: Path) -> None:
    path = tmp_path / "source" / UNIT / "first-await.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    run = CliRunner().invoke(main, ["notebooks", "build", "--course", str(course), "--out", str(tmp_path)])
    assert run.exit_code == 2
    assert run.output == f"grader: {path}: this is no notebook that can be updated; move it away\n"
    assert path.read_text() == "{"


def test_without_solutions_the_stub_is_built_between_the_markers_and_it_is_told(tmp_path: Path) -> None:
    course = small_course(tmp_path / "course")
    (course / "solutions").rename(tmp_path / "elsewhere")
    told = _build(Classroom(course, tmp_path / "out"))
    assert "grader: first-await: no hidden cases are at hand; it is graded on the visible ones alone\n" in told
    cell = Classroom(course, tmp_path / "out").source("first-await")["cells"][1]
    assert cell["source"][-2:] == ["### BEGIN SOLUTION\n", "### END SOLUTION"]


def test_what_stood_behind_a_cell_that_is_gone_is_kept() -> None:
    def ours(name: str) -> dict[str, object]:
        return {"metadata": {"nbgrader": {"grade_id": f"a--{name}"}}}

    theirs: dict[str, object] = {"metadata": {}, "source": "mine"}
    assert merged([ours("x")], [ours("x"), ours("gone"), theirs]) == [ours("x"), theirs]
    assert merged([ours("x")], [ours("gone"), theirs, ours("x")]) == [theirs, ours("x")]


def test_a_name_of_an_instructors_own_cell_is_of_no_exercise() -> None:
    assert exercise_of("test-greeting") is None
    assert exercise_of("a--b") is None
    assert exercise_of("say-after--one_after_the_other--result") == "say-after"


def _build(room: Classroom) -> str:
    run = CliRunner().invoke(main, ["notebooks", "build", "--course", str(room.course), "--out", str(room.root)])
    assert run.exit_code == 0, run.output
    return run.output


OWN = (
    "how-often: no notebook: it imports the learner's own 0-readings.py, 1-high_water.py, "
    "which are not beside one; hand it in as a file"
)


def test_an_exercise_that_imports_the_learners_own_files_is_left_out_and_told(tmp_path: Path) -> None:
    made = CliRunner().invoke(
        main, ["notebooks", "build", "--course", str(ROOT / "examples/adopted"), "--out", str(tmp_path)]
    )
    assert made.exit_code == 0
    assert f"grader: {OWN}\n" in made.stderr
    built = {path.stem for path in tmp_path.glob("source/*/*.ipynb")}
    assert "how-often" not in built
    assert "high-water" in built


def test_such_an_exercise_that_was_named_is_refused(tmp_path: Path) -> None:
    course = str(ROOT / "examples/adopted")
    made = CliRunner().invoke(main, ["notebooks", "build", "how-often", "--course", course, "--out", str(tmp_path)])
    assert (made.exit_code, made.stderr) == (2, f"grader: {OWN}\n")
    assert not list(tmp_path.iterdir())
