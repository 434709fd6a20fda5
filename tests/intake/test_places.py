"""Repositories: each learner's files are found by the course's pattern, wherever that lets them lie; the rest is listed."""

from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.course.model import Submissions
from grader.intake.places import Places, places_of
from grader.intake.take import Asked
from tests.intake.taking import EXERCISES, named, put, strays, take_in, taken

ADOPTED = load_course(Path(__file__).parents[2] / "examples" / "adopted")


def places(pattern: str | None) -> Places:
    from msgspec.structs import replace

    said = Submissions(files=pattern) if pattern is not None else None
    found = places_of(replace(ADOPTED, file=replace(ADOPTED.file, submissions=said)))
    assert found is not None
    return found


def take(
    *paths: Path, pattern: str | None = "**/*{within}/{module}.py"
) -> "tuple[list[tuple[str, str, str]], dict[str, str]]":
    intake = take_in(paths, ADOPTED.exercises, asked=Asked(places=places(pattern)))
    return taken(intake), strays(intake)


@pytest.mark.parametrize(
    ("pattern", "way", "found"),
    [
        ("**/{within}/{module}.py", "night_bus/0-next_bus.py", "next-bus"),
        ("**/{within}/{module}.py", "a/b c/night_bus/0-next_bus.py", "next-bus"),
        ("**/{within}/{module}.py", "Night_BUS/0-next_bus.py", "next-bus"),
        ("**/{within}/{module}.py", "night_bus/0-Next_bus.py", None),
        ("**/{within}/{module}.py", "night_bus/sub/0-next_bus.py", None),
        ("**/{within}/{module}.py", "0-next_bus.py", None),
        ("**/{within}/{module}.py", "0x01-night_bus/0-next_bus.py", None),
        ("**/*{within}/{module}.py", "0x01-night_bus/0-next_bus.py", "next-bus"),
        ("**/*{within}/{module}.py", "x/night_bus/2-timed.py", "mean-wait"),
        ("**/*{within}/{module}.py", "x/river_gauge/2-timed.py", "stations"),
        ("week?/{within}/{module}.py", "week3/night_bus/0-next_bus.py", "next-bus"),
        ("week?/{within}/{module}.py", "week13/night_bus/0-next_bus.py", None),
        ("week?/{within}/{module}.py", "a/week3/night_bus/0-next_bus.py", None),
        ("src/**/{within}/{module}.py", "src/night_bus/0-next_bus.py", "next-bus"),
        ("src/**/{within}/{module}.py", "src/a/b/night_bus/0-next_bus.py", "next-bus"),
        ("{module}.py", "any/where/0-next_bus.py", "next-bus"),
        ("{module}*.py", "0-next_bus (1).py", "next-bus"),
        ("{module}*.py", "0-next_busXpy", None),
        ("/{within}/{module}.py", "night_bus/0-next_bus.py", "next-bus"),
        (None, "a/night_bus/0-next_bus.py", "next-bus"),
        (None, "a/0-next_bus.py", None),
    ],
)
def test_a_pattern_is_read_as_in_gitignore(pattern: str | None, way: str, found: str | None) -> None:
    assert places(pattern).exercise(way) == found


STUB = "exercises/09_how_often/3-how_often.py"


@pytest.mark.parametrize(
    ("way", "found"),
    [
        (STUB, "how-often"),
        ("09_how_often/3-how_often.py", "how-often"),
        ("a/b/Exercises/09_How_Often/3-how_often.py", "how-often"),
        ("exercises/09_how_often/3-How_often.py", None),
        ("exercises/x09_how_often/3-how_often.py", None),
        ("exercises/08_stations/3-how_often.py", None),
        ("exercises/09_how_often/old/3-how_often.py", None),
        ("exercises/08_stations/2-timed.py", "stations"),
        ("exercises/03_mean_wait/2-timed.py", "mean-wait"),
    ],
)
@pytest.mark.parametrize("pattern", ["**/*{within}/{module}.py", None])
def test_the_place_in_which_a_stub_is_handed_out_is_its_exercises(
    way: str, found: str | None, pattern: str | None
) -> None:
    assert places(pattern).exercise(way) == found


def test_a_file_that_two_patterns_find_is_the_exercises_whose_stub_lies_there() -> None:
    assert places("**/{module}.py").exercise("exercises/08_stations/2-timed.py") == "stations"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("above", ["ann/", "", "09_how_often/3-how_often.py"])
def test_stubs_that_are_filled_in_where_they_are_handed_out_are_graded(
    above: str, packed: bool, tmp_path: Path
) -> None:
    import shutil

    way = above if above.endswith(".py") else f"{above}{STUB}"
    put(tmp_path / "ann" / way, "import asyncio\n")
    place = tmp_path / "ann"
    if packed:
        place = Path(shutil.make_archive(str(tmp_path / "ann"), "zip", place))
    handed, listed = take(place)
    assert [(learner, exercise) for learner, exercise, _ in handed] == [("ann", "how-often")]
    assert listed == {}


@pytest.mark.parametrize("deep", ["river_gauge", "a/b/c/0x02-river_gauge"])
def test_a_file_where_the_pattern_says_comes_before_one_where_the_stub_is_handed_out(deep: str, tmp_path: Path) -> None:
    put(tmp_path / "ann" / STUB, "import asyncio\n")
    put(tmp_path / "ann" / deep / "3-how_often.py")
    graded = f"ann/{deep}/3-how_often.py"
    assert take(tmp_path) == (
        [("ann", "how-often", graded)],
        {f"ann/{STUB}": f"another file for how-often; {graded} was graded"},
    )


def test_a_stub_to_which_nothing_was_done_comes_after_all_others_and_is_not_listed(tmp_path: Path) -> None:
    stub = (Path(ADOPTED.exercises[8].folder) / "3-how_often.py").read_bytes()
    put(tmp_path / "ann" / STUB)
    put(tmp_path / "ann" / "river_gauge" / "3-how_often.py", stub)
    put(tmp_path / "bob" / STUB, stub)
    put(tmp_path / "bob" / "a" / "b" / "river_gauge" / "3-how_often.py")
    put(tmp_path / "cyd" / STUB, stub)
    assert take(tmp_path) == (
        [
            ("ann", "how-often", f"ann/{STUB}"),
            ("bob", "how-often", "bob/a/b/river_gauge/3-how_often.py"),
            ("cyd", "how-often", f"cyd/{STUB}"),
        ],
        {},
    )


def test_signs_in_a_folders_name_stand_for_themselves() -> None:
    from msgspec.structs import replace

    exercise = ADOPTED.exercises[0]
    odd = replace(exercise, file=replace(exercise.file, within="a*b(1)"))
    found = places_of(replace(ADOPTED, exercises=(odd,)))
    assert found is not None
    assert found.exercise("x-a*b(1)/0-next_bus.py") == "next-bus"
    assert found.exercise("x-axb(1)/0-next_bus.py") is None


def test_a_course_that_says_nothing_of_places_has_none() -> None:
    assert places_of(load_course(Path(__file__).parents[2])) is None


def test_files_are_found_wherever_a_repository_has_its_folders(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "night_bus" / "0-next_bus.py")
    put(tmp_path / "bob" / "deep" / "er" / "0x07-Night_Bus" / "0-next_bus.py")
    put(tmp_path / "bob" / "river_gauge" / "2-timed.py")
    assert take(tmp_path) == (
        [
            ("ann", "next-bus", "ann/night_bus/0-next_bus.py"),
            ("bob", "next-bus", "bob/deep/er/0x07-Night_Bus/0-next_bus.py"),
            ("bob", "stations", "bob/river_gauge/2-timed.py"),
        ],
        {},
    )


def test_of_several_that_fit_the_one_nearest_the_top_is_graded_and_the_others_are_listed(tmp_path: Path) -> None:
    for way in ("z/night_bus", "b/night_bus", "a/old/night_bus"):
        put(tmp_path / "ann" / way / "0-next_bus.py")
    assert take(tmp_path) == (
        [("ann", "next-bus", "ann/b/night_bus/0-next_bus.py")],
        {
            "ann/z/night_bus/0-next_bus.py": "another file for next-bus; ann/b/night_bus/0-next_bus.py was graded",
            "ann/a/old/night_bus/0-next_bus.py": "another file for next-bus; ann/b/night_bus/0-next_bus.py was graded",
        },
    )


def test_what_lies_elsewhere_is_missing_and_it_is_said_where_it_should_lie(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "nightbus" / "0-next_bus.py")
    put(tmp_path / "ann" / "README.md")
    put(tmp_path / "ann" / "helper.py")
    assert take(tmp_path) == (
        [],
        {
            "ann/nightbus/0-next_bus.py": (
                "has the name of next-bus's file, and lies elsewhere than **/*night_bus/0-next_bus.py"
            ),
            "ann/README.md": "not one of the course's files",
            "ann/helper.py": "not one of the course's files",
        },
    )


TWO = (
    "has the name of 2 exercises' files, and lies where none of them does, so it is not guessed which it is: "
    "that of mean-wait in **/*night_bus/2-timed.py, that of stations in **/*river_gauge/2-timed.py"
)


@pytest.mark.parametrize("way", ["2-timed.py", "bus/2-timed.py", "night_bus/old/2-timed.py"])
def test_a_misplaced_file_whose_name_two_folders_have_is_told_with_both_of_them(tmp_path: Path, way: str) -> None:
    put(tmp_path / "ann" / way)
    put(tmp_path / "ann" / "night_bus" / "3-watcher.py")
    assert take(tmp_path) == ([("ann", "watcher", "ann/night_bus/3-watcher.py")], {f"ann/{way}": TWO})


def test_it_is_told_also_where_one_of_the_two_is_there(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "2-timed.py")
    put(tmp_path / "ann" / "night_bus" / "2-timed.py")
    assert take(tmp_path) == ([("ann", "mean-wait", "ann/night_bus/2-timed.py")], {"ann/2-timed.py": TWO})


def test_of_two_folders_whose_patterns_find_a_file_it_is_in_the_one_that_says_more() -> None:
    from msgspec.structs import replace

    one, other, *_ = (each for each in ADOPTED.exercises if each.module == "2-timed")
    short = replace(other, file=replace(other.file, within="bus"))
    for exercises in ((one, short), (short, one)):
        found = places_of(replace(ADOPTED, exercises=exercises))
        assert found is not None
        assert found.exercise("0x01-night_bus/2-timed.py") == "mean-wait"
        assert found.exercise("0x01-other_bus/2-timed.py") == "stations"


def test_a_helper_that_a_graded_file_imports_is_looked_at_with_it_and_no_stray(tmp_path: Path) -> None:
    own = tmp_path / "ann" / "night_bus"
    put(own / "0-next_bus.py", "import helper\nfrom utils.deep import one\n")
    put(own / "helper.py", "import deeper\n")
    put(own / "utils" / "__init__.py")
    put(own / "utils" / "deep" / "one.py")
    put(own / "other" / "__init__.py")
    put(own / "deeper.py")
    put(own / "unused.py")
    put(tmp_path / "ann" / "helper.py")
    put(tmp_path / "bob" / "night_bus" / "helper.py")
    assert take(tmp_path)[1] == {
        "ann/helper.py": PLAIN,
        "ann/night_bus/other/__init__.py": PLAIN,
        "ann/night_bus/unused.py": PLAIN,
        "bob/night_bus/helper.py": PLAIN,
    }


def test_a_copy_of_what_the_exercise_gives_to_be_read_is_no_stray(tmp_path: Path) -> None:
    from msgspec.structs import replace

    put(tmp_path / "ann" / "night_bus" / "0-next_bus.py")
    put(tmp_path / "ann" / "night_bus" / "lines.txt")
    put(tmp_path / "ann" / "lines.txt")
    one = ADOPTED.exercises[0]
    reads = replace(one, file=replace(one.file, world=replace(one.file.world, files={"lines.txt": "1 2"})))
    intake = take_in([tmp_path], [reads], asked=Asked(places=places("**/*{within}/{module}.py")))
    assert strays(intake) == {"ann/lines.txt": PLAIN}


MEANT = "not one of the course's files; is **/*{} meant?"
PLAIN = "not one of the course's files"


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("night_bus/0-next-bus.py", MEANT.format("night_bus/0-next_bus.py")),
        ("night_bus/0-Next_Bus.py", MEANT.format("night_bus/0-next_bus.py")),
        ("night_bus/0 next bus.py", MEANT.format("night_bus/0-next_bus.py")),
        ("night_bus/0-next_bus (1).py", MEANT.format("night_bus/0-next_bus.py")),
        ("night_bus/0-next_bus copy.py", MEANT.format("night_bus/0-next_bus.py")),
        ("night_bus/0_next_bus.PY", MEANT.format("night_bus/0-next_bus.py")),
        ("night_bus/0-next_bus.py.txt", MEANT.format("night_bus/0-next_bus.py")),
        ("night_bus/0-next_buss.py", MEANT.format("night_bus/0-next_bus.py")),
        ("river_gauge/2_timed.py", MEANT.format("river_gauge/2-timed.py")),
        ("elsewhere/2_timed.py", MEANT.format("night_bus/2-timed.py or **/*river_gauge/2-timed.py")),
        ("night_bus/0-main.py", PLAIN),
        ("night_bus/helper.py", PLAIN),
        ("night_bus/0-next_bus.pdf", PLAIN),
        ("night_bus/(1).py", PLAIN),
        ("elsewhere/0-next_buss.py", PLAIN),
    ],
)
def test_of_a_name_that_is_nearly_right_it_is_asked_whether_that_was_meant(
    tmp_path: Path, way: str, reason: str
) -> None:
    put(tmp_path / "ann" / way)
    put(tmp_path / "ann" / "night_bus" / "3-watcher.py")
    assert take(tmp_path)[1] == {f"ann/{way}": reason}


def test_where_the_file_itself_is_there_no_other_is_meant(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "night_bus" / "0-next_bus.py")
    put(tmp_path / "ann" / "night_bus" / "0-next_bus (1).py")
    assert take(tmp_path)[1] == {"ann/night_bus/0-next_bus (1).py": PLAIN}


def test_an_earlier_file_that_is_looked_at_with_a_later_one_is_no_stray(tmp_path: Path) -> None:
    """high-water is graded with the learner's own readings as well."""
    (high_water,) = (exercise for exercise in ADOPTED.exercises if exercise.slug == "high-water")
    put(tmp_path / "ann" / "river_gauge" / "1-high_water.py")
    put(tmp_path / "ann" / "river_gauge" / "0-readings.py")
    put(tmp_path / "bob" / "river_gauge" / "0-readings.py")
    put(tmp_path / "ann" / "night_bus" / "0-next_bus.py")
    asked = Asked(places=places_of(ADOPTED, [high_water]))
    assert strays(take_in([tmp_path], [high_water], asked=asked)) == {
        "ann/night_bus/0-next_bus.py": PLAIN,
        "bob/river_gauge/0-readings.py": PLAIN,
    }
    only = take_in([tmp_path], ADOPTED.exercises, high_water, Asked(places=places_of(ADOPTED)))
    assert "ann/river_gauge/0-readings.py" not in strays(only)


def test_one_learners_own_repository_is_known_as_such(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "night_bus" / "0-next_bus.py")
    put(tmp_path / "bob" / "river_gauge" / "2-timed.py")
    assert take(tmp_path / "ann")[0] == [("ann", "next-bus", "ann/night_bus/0-next_bus.py")]
    assert take(tmp_path / "ann", tmp_path / "bob")[0] == [
        ("ann", "next-bus", "ann/night_bus/0-next_bus.py"),
        ("bob", "stations", "bob/river_gauge/2-timed.py"),
    ]


def test_repositories_of_github_classroom_and_archives_are_read_by_the_same_pattern(tmp_path: Path) -> None:
    import zipfile

    for user in ("ann", "bob"):
        put(tmp_path / "class" / f"async-{user}" / ".git" / "HEAD")
        put(tmp_path / "class" / f"async-{user}" / "x" / "night_bus" / "0-next_bus.py")
    assert [item[:2] for item in take(tmp_path / "class")[0]] == [("ann", "next-bus"), ("bob", "next-bus")]
    (tmp_path / "zips").mkdir()
    with zipfile.ZipFile(tmp_path / "zips" / "eve.zip", "w") as archive:
        archive.writestr("eve-main/night_bus/0-next_bus.py", "pass\n")
        archive.writestr("eve-main/0-next_bus.py", "pass\n")
    handed, left = take(tmp_path / "zips")
    assert handed == [("eve", "next-bus", "eve.zip/eve-main/night_bus/0-next_bus.py")]
    assert list(left) == ["eve.zip/eve-main/0-next_bus.py"]


def test_with_one_exercise_the_others_files_are_known_and_nothing_is_taken_for_it_by_being_alone(
    tmp_path: Path,
) -> None:
    put(tmp_path / "ann" / "night_bus" / "0-next_bus.py")
    put(tmp_path / "bob" / "mine.py")
    only = ADOPTED.exercises[1]
    intake = take_in([tmp_path], ADOPTED.exercises, only, Asked(places=places("{module}.py")))
    assert intake.handed == ()
    assert strays(intake) == {
        "ann/night_bus/0-next_bus.py": "belongs to next-bus, which is not graded now",
        "bob/mine.py": "not one of the course's files",
    }


def test_a_course_without_places_is_read_as_ever(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    assert taken(take_in([tmp_path], EXERCISES, named("say-after"))) == [("ann", "say-after", "ann/say_after.py")]
