"""What the process beside the kernel answers: which exercise is meant, or a sentence why none is."""

from pathlib import Path

import pytest

from grader.notebooks.checking import Asked, answer
from tests.notebooks.a_course import write_course

MAIN = "async def main(say, a, b):\n    return ['x', 'y']"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(autouse=True)
def _in_a_notebooks_folder(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (course / "mine").mkdir(exist_ok=True)
    monkeypatch.chdir(course / "mine")
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


REFUSED = {
    "an exercise that is nearly called so": (
        Asked(exercise="two-wait"),
        "there is no exercise 'two-wait'; did you mean 'two-waits'?",
    ),
    "an exercise that nothing is like": (
        Asked(exercise="zzz"),
        "there is no exercise 'zzz'; there are two-waits, same-name, other-main",
    ),
    "a function that is nearly called so": (
        Asked(function="togethr"),
        "no exercise asks for a function 'togethr'; did you mean 'together' (two-waits)?",
    ),
    "a function that nothing is like": (
        Asked(function="zzz"),
        "no exercise asks for a function 'zzz'; name the exercise: check(\"say-after\")",
    ),
    "a function that only stands in an exercise's text": (
        Asked(function="gather"),
        "no exercise asks for a function 'gather'; did you mean 'together' (two-waits)?",
    ),
    "a function of another exercise": (
        Asked(function="main", exercise="two-waits"),
        "two-waits asks for no function 'main'; it asks for together",
    ),
    "a function that several ask for": (
        Asked(function="main"),
        'same-name, other-main all ask for a function main; say which: check(main, "same-name")',
    ),
    "nothing is defined": (
        Asked(exercise="1", cells=[(1, "x = 1")]),
        "two-waits asks for the function together, and no cell that was run defines it",
    ),
    "a course that is not there": (
        Asked(exercise="two-waits", course="nowhere"),
        "nowhere: there is no course here; name the folder that has its course.yaml",
    ),
    "a file that is gone": (
        Asked(exercise="two-waits", file="gone.py"),
        "gone.py: the file cannot be read (No such file or directory)",
    ),
}


@pytest.mark.parametrize(("asked", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_checked_is_refused_with_the_reason(asked: Asked, sentence: str) -> None:
    assert answer(asked) == {"refused": sentence}


def test_where_there_is_no_course_it_is_said_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sentence = (
        f"no course was found in {tmp_path} or above it; open the notebook in the course's folder, "
        'or say where that is: check(..., course="PATH")'
    )
    assert answer(Asked(exercise="two-waits")) == {"refused": sentence}


def test_a_mistake_in_the_course_is_its_authors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "exercises" / "01_empty"
    folder.mkdir(parents=True)
    (folder / "exercise.yaml").write_text("schema: 1\nslug: empty\nentries: {main: 3}\n")
    monkeypatch.chdir(tmp_path)
    refused = answer(Asked(function="main"))["refused"]
    assert refused.startswith("the course has mistakes, which its author must mend: exercises/01_empty/exercise.yaml:")


@pytest.mark.parametrize("said", ["two-waits", "two_waits", "01", "1", "01_two_waits", "TWO-WAITS"])
def test_an_exercise_has_many_names(said: str) -> None:
    assert answer(Asked(exercise=said))["refused"].startswith("two-waits asks for the function together")


@pytest.mark.parametrize("notebook", ["02_same_name.ipynb", "work/same-name.ipynb"])
def test_of_several_that_ask_for_a_function_the_one_is_meant_that_the_notebook_is_named_after(
    monkeypatch: pytest.MonkeyPatch, notebook: str
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    assert answer(Asked(function="main"))["refused"].startswith("same-name asks for the function main, and no cell")


def test_the_course_may_stand_in_the_environment(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRADER_COURSE", str(course))
    assert answer(Asked(exercise="same-name"))["refused"].startswith("same-name asks for the function main")


def test_a_file_that_cells_import_has_a_number_and_it_is_said_which(course: Path) -> None:
    (course / "mine" / "other.py").write_text("async def x():\n    1 / 0\n")
    cells = [(1, "import other"), (7, "async def main(say, a, b):\n    await other.x()")]
    answered = answer(Asked(function="main", exercise="same-name", cells=cells))
    said = "The number of a cell is the one in brackets beside it. Cell 8 is other.py."
    assert "cell 8, line 2" in answered["text"]
    assert answered["text"].endswith(f"\n  {said}\n")
    assert said in answered["html"]


def test_a_file_is_checked_as_it_is_and_its_lines_are_the_files(course: Path) -> None:
    file = course / "mine" / "tried.py"
    file.write_text(MAIN)
    seconds = list[float]()
    answered = answer(Asked(function="main", exercise="same-name", file=str(file)), seconds.append)
    assert (answered["status"], answered["points"], answered["max_points"]) == ("failed", 0, 10)
    assert "say(x)" not in answered["html"]
    assert "cell" not in answered["text"]
    assert seconds == [90.0]


OURS = str(Path(__file__).parents[2])
BOTH = "async def one_after_the_other(*args):\n    1 / 0\n\nasync def together(*args):\n    [][0]\n"


@pytest.mark.parametrize(
    ("function", "first"),
    [("together", "IndexError"), ("one_after_the_other", "ZeroDivisionError"), (None, "ZeroDivisionError")],
)
def test_the_function_that_was_given_comes_first(function: str | None, first: str) -> None:
    answered = answer(Asked(function=function, exercise="say-after", course=OURS, cells=[(1, BOTH)]))
    assert answered["text"].splitlines()[2].strip() == f"your function raised {first}"


def test_of_the_function_that_was_given_it_is_told_though_another_is_not_there() -> None:
    asked = Asked(function="together", exercise="say-after", course=OURS, cells=[(1, BOTH.partition("\n\n")[2])])
    lines = answer(asked)["text"].splitlines()
    assert lines[2].strip() == "your function raised IndexError"
    assert sum("there is no `one_after_the_other`" in line for line in lines) == 1


def test_hints_are_as_many_as_are_asked_for_in_text_and_folded_into_each_other_in_a_page() -> None:
    answered = answer(Asked(function="main", exercise="same-name", cells=[(2, MAIN)], hints=2))
    assert "Hint 2 of 3: two" in answered["text"]
    assert "Hint 3 of 3" not in answered["text"]
    assert "\n  For the next: check(..., hints=3)\n" in answered["text"]
    assert (
        "<details><summary>Hint 1 of 3</summary><p>one</p>"
        "<details><summary>Hint 2 of 3</summary><p>two</p>"
        "<details><summary>Hint 3 of 3</summary><p>three</p></details></details></details>"
    ) in answered["html"]


def test_the_graders_own_fault_is_a_sentence_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LookupError("lost\nand more")

    monkeypatch.setattr("grader.notebooks.places.exercise_for", broken)
    said = "the grader itself failed, which is no fault of yours (LookupError: lost); please report it"
    assert answer(Asked(exercise="two-waits")) == {"refused": said}
