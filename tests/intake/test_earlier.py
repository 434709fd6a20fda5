"""A learner's own earlier files, wherever they handed them in: found for the file that imports them, and part of its work."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from grader.batch.kept import asked
from grader.batch.worker import Job, Terms, grade_job, handed_in
from grader.course.load import load_course
from grader.course.model import Exercise
from grader.course.policy_model import Policy
from grader.gradebook.opening import opened
from grader.intake import take
from grader.intake.earlier import Placed, Theirs, by_module
from grader.intake.model import Handed, Intake
from grader.intake.one import take_one
from grader.intake.places import places_of
from grader.intake.take import Asked
from grader.run.submitted import Submitted, identity
from grader.verdict import Own, decode
from tests.intake.taking import put, strays, take_in

ADOPTED = load_course(Path(__file__).parents[2] / "examples" / "adopted")
BY_SLUG = {exercise.slug: exercise for exercise in ADOPTED.exercises}
LAST = BY_SLUG["how-often"]  # it needs 0-readings and 1-high_water


def class_of(*paths: Path, only: Exercise | None = None) -> Intake:
    return take_in(paths, ADOPTED.exercises, only, Asked(places=places_of(ADOPTED)))


def of_last(intake: Intake, learner: str = "ann") -> Handed:
    return next(one for one in intake.handed if (one.learner, one.exercise) == (learner, "how-often"))


def files(handed: Handed) -> dict[str, bytes]:
    return dict(handed_in(handed, LAST).files)


@pytest.fixture
def downloads(tmp_path: Path) -> tuple[Path, Path]:
    """Of two assignments, in each a folder for each learner."""
    put(tmp_path / "week1" / "ann" / "river_gauge" / "0-readings.py", "import tools\n")
    put(tmp_path / "week1" / "ann" / "river_gauge" / "tools.py", "ann = 1\n")
    put(tmp_path / "week1" / "bob" / "river_gauge" / "0-readings.py", "bob = 1\n")
    put(tmp_path / "week2" / "ann" / "river_gauge" / "1-high_water.py", "ann = 2\n")
    put(tmp_path / "week2" / "ann" / "river_gauge" / "3-how_often.py", "ann = 3\n")
    return tmp_path / "week1", tmp_path / "week2"


def test_an_earlier_file_that_was_handed_in_elsewhere_is_found_with_its_helpers(downloads: tuple[Path, Path]) -> None:
    assert files(of_last(class_of(*downloads))) == {
        "0-readings": b"import tools\n",
        "1-high_water": b"ann = 2\n",
        "tools": b"ann = 1\n",
    }


def test_where_one_exercise_is_graded_the_others_files_are_found_and_not_listed(downloads: tuple[Path, Path]) -> None:
    intake = class_of(*downloads, only=LAST)
    assert [one.exercise for one in intake.handed] == ["how-often"]
    assert "0-readings" in files(of_last(intake))
    assert not any("ann/river_gauge/0-readings" in path for path in strays(intake))
    assert strays(intake)["week1/bob/river_gauge/0-readings.py"] == "belongs to readings, which is not graded now"


def test_what_lies_beside_the_file_is_taken_first(downloads: tuple[Path, Path]) -> None:
    put(downloads[1] / "ann" / "river_gauge" / "0-readings.py", "beside = 1\n")
    assert files(of_last(class_of(*downloads)))["0-readings"] == b"beside = 1\n"


def test_it_may_be_packed(downloads: tuple[Path, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(put(tmp_path / "week3" / "ann" / "all.zip", b""), "w") as packed:
        packed.writestr("river_gauge/3-how_often.py", "ann = 4\n")
    put(tmp_path / "week4" / "ann" / "river_gauge" / "0-readings.py", "a = 1\n")
    # what was unpacked is there for as long as all is graded, so the way to it is what is looked at here
    found = of_last(class_of(tmp_path / "week3", tmp_path / "week4"))
    assert found.earlier == (("0-readings", str(tmp_path / "week4" / "ann" / "river_gauge" / "0-readings.py")),)


def test_with_another_earlier_file_it_is_other_work(downloads: tuple[Path, Path]) -> None:
    before = _known(class_of(*downloads))
    put(downloads[0] / "ann" / "river_gauge" / "0-readings.py", "ann = 9\n")
    after = _known(class_of(*downloads))
    assert {slug for slug in before if before[slug] != after[slug]} == {"readings", "high-water", "how-often"}
    put(downloads[0] / "bob" / "river_gauge" / "0-readings.py", "bob = 9\n")
    assert _known(class_of(*downloads)) == after


def _known(intake: Intake) -> dict[str, str]:
    handed = [one for one in intake.handed if one.learner == "ann"]
    return {one.exercise: identity(handed_in(one, BY_SLUG[one.exercise]), BY_SLUG[one.exercise]) for one in handed}


def test_the_gradebook_knows_it_by_its_earlier_files_too(downloads: tuple[Path, Path], tmp_path: Path) -> None:
    intake = class_of(*downloads)
    with opened(str(tmp_path / "gradebook.sqlite")) as book:
        todo = asked(book, intake, ADOPTED.exercises, Terms())
    [work] = todo.wanted[of_last(intake)].works
    assert work.sha256 == identity(handed_in(of_last(intake), LAST), LAST) == _known(intake)["how-often"]
    assert work.sha256 != identity(Submitted(b"ann = 3\n"), LAST)


def _policy(attempts: int | None) -> Exercise:
    earlier = BY_SLUG["readings"]
    return structs.replace(earlier, policy=Policy(attempts=attempts))


@pytest.mark.parametrize(("attempts", "at", "found"), [(None, 3, "c"), (None, 0, "a"), (2, 3, "b"), (1, 3, "a")])
def test_of_several_attempts_it_is_the_one_that_came_at_once_else_the_last_that_counts(
    attempts: int | None, at: int, found: str
) -> None:
    earlier = _policy(attempts)
    theirs = Theirs(by_module([earlier, LAST]))
    for number, name in enumerate("abc"):
        theirs.add(earlier, Placed(number, number + 1, name, name))
    assert [(module, one.path) for module, one in theirs.needed(LAST, at)] == [("0-readings", found)]


def test_a_file_of_that_name_for_another_folder_of_the_course_is_not_it() -> None:
    earlier = BY_SLUG["readings"]
    other = structs.replace(earlier, file=structs.replace(earlier.file, within="elsewhere"))
    theirs = Theirs(by_module([other, LAST]))
    theirs.add(other, Placed(0, 1, "a", "a"))
    assert theirs.needed(LAST, 0) == []


def _handed_out(top: Path) -> None:
    for name, module in (("06_readings", "0-readings"), ("09_how_often", "3-how_often")):
        put(top / "exercises" / name / f"{module}.py", f"{module[2:]} = 1\n")


def test_files_that_lie_as_they_are_handed_out_are_found_whatever_the_pattern(tmp_path: Path) -> None:
    _handed_out(tmp_path / "class" / "ann")
    intake = class_of(tmp_path / "class")
    assert [(one.learner, one.exercise) for one in intake.handed] == [("ann", "how-often"), ("ann", "readings")]
    assert not intake.strays
    assert files(of_last(intake)) == {"0-readings": b"readings = 1\n"}


def test_what_was_handed_out_with_them_is_listed_only_where_something_was_done_to_it(tmp_path: Path) -> None:
    top = tmp_path / "class" / "ann"
    _handed_out(top)
    for name in ("README.md", "exercise.yaml"):
        put(top / "exercises" / "06_readings" / name, (Path(BY_SLUG["readings"].folder) / name).read_bytes())
    put(top / "exercises" / "09_how_often" / "README.md", "mine\n")
    put(top / "README.md", (Path(BY_SLUG["readings"].folder) / "README.md").read_bytes())
    assert sorted(strays(class_of(tmp_path / "class"))) == ["ann/README.md", "ann/exercises/09_how_often/README.md"]


@pytest.mark.parametrize("inner", ["", "exercises"])
def test_one_learners_own_folder_is_known_by_them(tmp_path: Path, inner: str) -> None:
    _handed_out(tmp_path / "ann")
    intake = class_of(tmp_path / "ann" / inner)
    assert {one.exercise for one in intake.handed} == {"how-often", "readings"}
    assert intake.learners == (inner or "ann",)


def test_a_file_that_lies_by_the_pattern_is_graded_before_one_that_lies_as_handed_out(tmp_path: Path) -> None:
    put(tmp_path / "class" / "ann" / "06_readings" / "0-readings.py")
    put(tmp_path / "class" / "ann" / "a" / "b" / "river_gauge" / "0-readings.py")
    intake = class_of(tmp_path / "class")
    assert [one.file for one in intake.handed] == ["ann/a/b/river_gauge/0-readings.py"]


def test_where_a_platform_grades_one_exercise_the_others_are_looked_at_too(tmp_path: Path) -> None:
    put(tmp_path / "work" / "x" / "river_gauge" / "0-readings.py", "a = 1\n")
    put(tmp_path / "work" / "y" / "river_gauge" / "3-how_often.py", "b = 1\n")
    taken = take_one(tmp_path / "work", ADOPTED, [LAST], tmp_path / "scratch", alone=False)
    assert dict(taken.files["how-often"].earlier).keys() == {"0-readings"}
    assert taken.strays == ()


def test_it_is_graded_with_what_was_found(tmp_path: Path) -> None:
    solutions = Path(ADOPTED.path).parent / "solutions"
    for week, folder, module in (("1", "06_readings", "0-readings"), ("2", "07_high_water", "1-high_water")):
        put(
            tmp_path / week / "ann" / "river_gauge" / f"{module}.py", (solutions / folder / "reference.py").read_bytes()
        )
    [handed] = (one for one in class_of(tmp_path / "1", tmp_path / "2").handed if one.exercise == "high-water")
    _, encoded = grade_job(Job(handed, BY_SLUG["high-water"], Terms("s", "in-process")))
    own = decode(encoded).own
    assert isinstance(own, Own)
    assert own.passed


def test_which_file_is_whose_earlier_one_is_looked_up_once_for_a_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = list[str]()

    def counted(name: str) -> Callable[..., Any]:
        real = getattr(take, name)

        def counting(*given: Any) -> Any:
            looked_up.append(name)
            return real(*given)

        return counting

    for name in ("by_module", "needed_by"):
        monkeypatch.setattr(take, name, counted(name))
    for learner in ("ann", "ben", "cid"):
        put(tmp_path / learner / "river_gauge" / "3-how_often.py", "x = 1\n")
    assert len(class_of(tmp_path).handed) == 3
    assert looked_up == ["by_module", "needed_by"]
