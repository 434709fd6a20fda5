"""A file of extensions: who has more time for what, and what is wrong with it."""

from pathlib import Path

import pytest

from grader.course.due import read_due
from grader.course.load import load_course
from grader.errors import CourseError
from grader.gradebook.extensions import Extensions, read_extensions
from grader.gradebook.lateness import Extension

COURSE = load_course(Path(__file__).parents[2])
BY_SLUG = {exercise.slug: exercise for exercise in COURSE.exercises}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str, name: str = "extensions.csv") -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


CSV = """\
\ufefflearner,exercise,due,days,hours
ann,say-after,,2,
ann,,,,1.5
Zoë,awaiting,2026-03-08 23:59 Europe/Berlin,,
"O'Connor, Siobhán",,,7,
"""
YAML = """\
extensions:
  - {learner: ann, exercise: say-after, days: 2}
  - {learner: ann, hours: 1.5}
  - {learner: Zoë, exercise: awaiting, due: "2026-03-08 23:59 Europe/Berlin"}
  - {learner: "O'Connor, Siobhán", days: 7}
"""


@pytest.mark.parametrize(("text", "name"), [(CSV, "extensions.csv"), (YAML, "extensions.yaml")])
def test_each_learner_has_the_one_that_says_most_exactly_what_it_is_for(text: str, name: str) -> None:
    extensions = read_extensions(write(text, name), COURSE)
    assert extensions.of("ann", BY_SLUG["say-after"]) == Extension(days=2)
    assert extensions.of("ann", BY_SLUG["two-downloads"]) == Extension(hours=1.5)
    assert extensions.of("Zoë", BY_SLUG["needless-task"]) == Extension(due=read_due("2026-03-08 23:59 Europe/Berlin"))
    assert extensions.of("Zoë", BY_SLUG["two-downloads"]) is None
    assert extensions.of("O'Connor, Siobhán", BY_SLUG["say-after"]) == Extension(days=7)
    assert extensions.of("bob", BY_SLUG["say-after"]) is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ann,say-aftr,,1,", "there is no exercise or unit 'say-aftr'; did you mean 'say-after'?"),
        (",say-after,,1,", "there is no learner; write the name as the class has it"),
        ("ann,say-after,,,", "one of due, days and hours is needed, and there is none of them"),
        ("ann,say-after,,1,2", "one of due, days and hours is needed, and there is days, hours"),
        ("ann,,,1.5,", "'days' is '1.5'; it must be a whole number, more than 0 and at most 3660"),
        ("ann,,,-1,", "'days' is '-1'; it must be a whole number, more than 0 and at most 3660"),
        ("ann,,,,nan", "'hours' is 'nan'; it must be a number, more than 0 and at most 87840"),
        ("ann,,,,much", "'hours' is 'much'; it must be a number, more than 0 and at most 87840"),
        (
            "ann,,2026-03-08 23:59,,",
            "'due' is '2026-03-08 23:59', which has no time zone; write it as '2026-03-01 23:59 Europe/Berlin', "
            "or with 'Z' or '+01:00' at its end",
        ),
        ("bob,,,3,", "'bob' has two extensions for the same; keep one"),
        ("ann,,,1,,,", "has more cells than the head; quote texts that hold a comma"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(row: str, said: str) -> None:
    file = write(f"learner,exercise,due,days,hours\nbob,,,2,\n{row}\n")
    with pytest.raises(CourseError) as refused:
        read_extensions(file, COURSE)
    assert str(refused.value) == f"extensions.csv:3: {said}"


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(CourseError) as refused:
        read_extensions(write("learner,days\nann,x\nbob,\n"), COURSE)
    assert [problem.line for problem in refused.value.problems] == [2, 3]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (
            "name,days\nann,1\n",
            "x.csv",
            "x.csv:1: unknown column 'name'; choose from days, due, exercise, hours, learner",
        ),
        (
            "exercise,days\n",
            "x.csv",
            "x.csv:1: there is no column 'learner'; begin with a line such as learner,exercise,days",
        ),
        (
            "sep=,\nname,days\nann,1\n",
            "x.csv",
            "x.csv:2: unknown column 'name'; choose from days, due, exercise, hours, learner",
        ),
        ("extensions: 3", "x.yaml", "x.yaml:1: there is no list under 'extensions'; write one"),
        ("extensions: [ann]", "x.yaml", "x.yaml:1: is no mapping; write learner, exercise, and due, days or hours"),
        ("extensions:\n- {lerner: ann}", "x.yaml", "x.yaml:2: unknown key 'lerner'; did you mean 'learner'?"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, name: str, said: str) -> None:
    with pytest.raises(CourseError) as refused:
        read_extensions(write(text, name), COURSE)
    assert str(refused.value) == said


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(CourseError, match=r"^extensions.csv: cannot be read: No such file or directory$"):
        read_extensions(Path("extensions.csv"), COURSE)


def test_a_name_that_nobody_has_is_told_because_a_slip_would_cost_somebody_points() -> None:
    extensions = read_extensions(write("learner,days\nanne,1\nbob,2\n"), COURSE)
    assert [str(one) for one in extensions.strangers(["ann", "bob"])] == [
        "extensions.csv:2: no learner here is called 'anne'; did you mean 'ann'?"
    ]
    assert extensions.strangers(["anne", "bob"]) == []


def test_a_slip_in_a_name_is_told_with_whom_it_may_mean_and_never_with_a_whole_class() -> None:
    extensions = read_extensions(write("learner,days\nGrace Hoper,1\nNemo,2\n"), COURSE)
    learners = [str(number) for number in range(1000, 1040)]
    assert [str(one) for one in extensions.strangers(learners, {"grace hopper": ["1001"]})] == [
        "extensions.csv:2: no learner here is called 'Grace Hoper'; did you mean 'grace hopper' (1001)?",
        "extensions.csv:3: no learner here is called 'Nemo'; none of the 40 has an id or a name like it",
    ]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings_of_spreadsheets_are_found(delimiter: str, encoding: str) -> None:
    rows = ["learner,days", "Zoë,3", ",", ""]
    Path("e.csv").write_bytes("\r\n".join(rows).replace(",", delimiter).encode(encoding))
    assert read_extensions("e.csv", COURSE).given == {("Zoë", ""): Extension(days=3)}


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;;", "", "\r\n"])
def test_a_first_line_that_names_the_separator_to_a_spreadsheet_is_no_head(first: str) -> None:
    Path("e.csv").write_bytes(f"{first}\r\nlearner;days\r\nann;3\r\n".encode())
    found = read_extensions("e.csv", COURSE)
    assert found.given == {("ann", ""): Extension(days=3)}
    assert found.lines == {("ann", ""): 2 + len((first + "x").splitlines())}


@pytest.mark.parametrize("written", ["4711", "1_000", "12e3", "No", "1.50"])
def test_in_yaml_a_learner_is_called_as_it_is_written(written: str) -> None:
    file = write(f"extensions:\n  - {{learner: {written}, days: 2}}\n", "e.yaml")
    assert list(read_extensions(file, COURSE).lines) == [(written, "")]


def test_a_number_that_yaml_would_change_is_refused() -> None:
    with pytest.raises(CourseError, match="'0123' would be read in another base; put it in quotes"):
        read_extensions(write("extensions:\n  - {learner: 0123, days: 2}\n", "e.yaml"), COURSE)


# ---------------------------------------------------------------- names of a roster

OTHERS = {"ada lovelace": {"s1"}, "ada@x.org": {"s1"}, "bob": {"s2", "s3"}, "s9": {"s3"}}


def test_a_name_that_one_learner_has_stands_for_the_id() -> None:
    given = {("Ada  LOVELACE", "say-after"): Extension(days=2), ("s9", ""): Extension(days=3)}
    found = Extensions(given, {("Ada  LOVELACE", "say-after"): 2, ("s9", ""): 3}, "more.csv")
    assert found.strangers(["s1", "s2", "s3"], OTHERS) == []
    by_id = found.by_id(["s1", "s2", "s3"], OTHERS)
    assert by_id.given == {("s1", "say-after"): Extension(days=2), ("s3", ""): Extension(days=3)}


def test_what_stands_under_the_id_itself_goes_before_what_stands_under_a_name() -> None:
    given = {("s1", ""): Extension(days=1), ("Ada Lovelace", ""): Extension(days=2), ("s2", ""): Extension(days=4)}
    found = Extensions(given, {("s1", ""): 2, ("Ada Lovelace", ""): 3, ("s2", ""): 4}, "more.csv")
    by_id = found.by_id(["s1", "s2"], OTHERS)
    assert by_id.given == {("s1", ""): Extension(days=1), ("s2", ""): Extension(days=4)}


def test_a_name_that_several_have_is_nobodys_and_told() -> None:
    found = Extensions({("Bob", ""): Extension(days=2)}, {("Bob", ""): 2}, "more.csv")
    assert found.by_id(["s1", "s2", "s3"], OTHERS).given == found.given
    assert [str(problem) for problem in found.strangers(["s1", "s2", "s3"], OTHERS)] == [
        "more.csv:2: several learners here are called 'Bob': s2, s3; write the id, this line counts for nobody"
    ]


@pytest.mark.parametrize(
    ("rows", "told", "days"),
    [
        (
            [("s1", ""), ("ada@x.org", "")],
            "more.csv:3: 'ada@x.org' is 's1', and 's1' has more time for the same in line 2",
            2,
        ),
        (
            [("ada@x.org", ""), ("s1", "")],
            "more.csv:2: 'ada@x.org' is 's1', and 's1' has more time for the same in line 3",
            3,
        ),
        ([("Ada Lovelace", ""), ("ada@x.org", "")], "more.csv:3: 'ada@x.org' is 's1', and 's1' has more time", 2),
    ],
)
def test_two_lines_for_one_learner_by_two_names_are_told_and_which_of_them_counts(
    rows: list[tuple[str, str]], told: str, days: int
) -> None:
    lines = {place: line for line, place in enumerate(rows, 2)}
    found = Extensions({place: Extension(days=line) for place, line in lines.items()}, lines, "more.csv")
    [said] = found.strangers(["s1", "s2", "s3"], OTHERS)
    assert str(said).startswith(told)
    assert str(said).endswith(", and that counts; keep one of them")
    assert found.by_id(["s1", "s2", "s3"], OTHERS).given == {("s1", ""): Extension(days=days)}


def test_one_learner_may_have_more_time_for_several_exercises_by_several_names() -> None:
    rows = {("s1", "say-after"): 2, ("Ada Lovelace", ""): 3, ("ada@x.org", "first-await"): 4}
    found = Extensions({place: Extension(days=line) for place, line in rows.items()}, rows, "more.csv")
    assert found.strangers(["s1"], OTHERS) == []
    assert len(found.by_id(["s1"], OTHERS).given) == 3


def test_a_name_is_known_in_either_order() -> None:
    found = Extensions({("Lovelace, Ada", ""): Extension(days=2)}, {("Lovelace, Ada", ""): 2}, "more.csv")
    assert found.strangers(["s1"], OTHERS) == []
    assert found.by_id(["s1"], OTHERS).given == {("s1", ""): Extension(days=2)}
