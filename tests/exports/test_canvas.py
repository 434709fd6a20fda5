"""Canvas's own gradebook is filled and never changed: who is who, which column, what stays, and what is said to be left out."""

from dataclasses import replace

import pytest

from grader.errors import UsageError
from grader.exports.canvas import Filled, fill, read_template
from grader.exports.sheet import Column, Row, Sheet
from tests.exports.samples import rows_of

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Say after (77),Two downloads (78),Current Score,Final Score"
POSTING = ",,,,,Manual Posting,,,"
POSSIBLE = "    Points Possible,,,,,10,100.00,(read only),(read only)"
ADA = '"Lovelace, Ada",1001,s1,ada,A,,7,70,70'
BOB = '"Babbage, Bob",1002,s2,bob,A,EX,N/A,0,0'


def template(*students: str, header: str = HEADER) -> str:
    return "\n".join([header, POSTING, POSSIBLE, *(students or (ADA, BOB))]) + "\n"


def sheet(*rows: tuple[str, str, float | None], standing: str = "failed") -> Sheet:
    columns = (Column("say-after", "Say after", 10.0), Column("two-downloads", "Two downloads", 10.0))
    made = [
        Row(name, slug, standing if points is not None or standing == "missing" else "error", points, points, 10.0)  # type: ignore[arg-type]
        for name, slug, points in rows
    ]
    return Sheet(columns, tuple(dict.fromkeys(row.learner for row in made)), tuple(made))


def filled(text: str, graded: Sheet, said: dict[str, str] | None = None, missing: bool = True) -> Filled:
    return fill(read_template(text.encode(), "canvas.csv"), graded, said, missing)


def cells(result: Filled, row: int) -> list[str]:
    return rows_of(result.content)[row]


@pytest.mark.parametrize("name", ["1001", "s1", "ADA", "Lovelace, Ada", "ada  lovelace"])
def test_a_learner_is_found_by_each_id_and_by_either_form_of_the_name(name: str) -> None:
    result = filled(template(), sheet((name, "say-after", 7.5)))
    assert cells(result, 3) == ["Lovelace, Ada", "1001", "s1", "ada", "A", "7.5", "7", "70", "70"]
    assert result.left_out == ()


def test_all_that_was_not_graded_stays_as_canvas_wrote_it() -> None:
    result = filled(template(), sheet(("ada", "say-after", 7.5)))
    before, after = rows_of(template().encode()), rows_of(result.content)
    assert after[:3] == before[:3]
    assert after[4] == before[4]
    assert result.written == 1


def test_ids_come_before_names() -> None:
    other = '"s1",1003,s3,zed,A,,,0,0'
    result = filled(template(ADA, other), sheet(("s1", "say-after", 3.0)))
    assert (cells(result, 3)[5], cells(result, 4)[5]) == ("3", "")


def test_a_learner_whom_canvas_does_not_have_is_listed() -> None:
    result = filled(template(), sheet(("ada", "say-after", 1.0), ("eve", "say-after", 2.0)))
    assert result.left_out == ("eve: is not in canvas.csv",)


def test_a_name_that_two_rows_have_is_listed_and_in_neither() -> None:
    result = filled(
        template(ADA, ADA.replace("1001,s1,ada", "1009,s9,ada9")), sheet(("Ada Lovelace", "say-after", 1.0))
    )
    assert result.left_out == ("Ada Lovelace: 2 rows of canvas.csv have this name",)
    assert result.written == 0


def test_two_learners_with_one_row_are_both_listed() -> None:
    result = filled(template(), sheet(("ada", "say-after", 1.0), ("1001", "say-after", 9.0)))
    assert result.left_out == (
        "ada: another learner has the same row in canvas.csv",
        "1001: another learner has the same row in canvas.csv",
    )
    assert result.written == 0


def test_an_exercise_without_a_column_makes_none_and_is_listed() -> None:
    graded = sheet(("ada", "say-after", 1.0))
    graded = replace(graded, columns=(*graded.columns, Column("first-await", "A call is not a run", 10.0)))
    result = filled(template(), graded)
    assert rows_of(result.content)[0] == HEADER.split(",")
    assert result.left_out == (
        "first-await: canvas.csv has no column for it; make the assignment in Canvas and export again, "
        "or say which it is with --column first-await=TITLE",
    )


def test_a_column_can_be_said_with_or_without_its_id() -> None:
    for title in ("Two downloads (78)", "two downloads"):
        result = filled(
            template(), sheet(("ada", "say-after", 1.0)), {"say-after": title} | {"two-downloads": "Say after"}
        )
        assert cells(result, 3)[5:7] == ["", "1"]


def test_a_column_that_is_said_and_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match=r"canvas\.csv: has no column 'Nothing'; make the assignment in Canvas"):
        filled(template(), sheet(("ada", "say-after", 1.0)), {"say-after": "Nothing"})


def test_a_column_of_no_exercise_is_refused() -> None:
    with pytest.raises(UsageError, match="--column: there is no exercise 'sya-after' in what was graded"):
        filled(template(), sheet(("ada", "say-after", 1.0)), {"sya-after": "Say after"})


def test_two_columns_of_the_same_title_are_refused_until_one_is_said() -> None:
    twice = HEADER.replace("Two downloads (78)", "Say after (79)")
    graded = sheet(("ada", "say-after", 1.0))
    graded = replace(graded, columns=graded.columns[:1])
    with pytest.raises(UsageError, match=r"'Say after \(77\)' and 'Say after \(79\)' would do for say-after"):
        filled(template(header=twice), graded)
    assert cells(filled(template(header=twice), graded, {"say-after": "Say after (79)"}), 3)[5:7] == ["", "1"]


def test_one_column_for_two_exercises_is_refused() -> None:
    with pytest.raises(UsageError, match="would hold both"):
        filled(template(), sheet(("ada", "say-after", 1.0)), {"two-downloads": "Say after"})


def test_a_column_of_totals_is_no_assignment() -> None:
    graded = sheet(("ada", "say-after", 1.0))
    graded = replace(graded, columns=(Column("section", "Section", 10.0), *graded.columns))
    assert "section: canvas.csv has no column for it" in filled(template(), graded).left_out[0]


def test_excused_and_unassigned_learners_keep_what_stands_there() -> None:
    result = filled(template(), sheet(("bob", "say-after", 4.0), ("bob", "two-downloads", 4.0)))
    assert cells(result, 4)[5:7] == ["EX", "N/A"]
    assert result.left_out == ("bob, say-after: is excused there", "bob, two-downloads: is not assigned this there")


def test_what_was_not_marked_leaves_the_cell_and_is_listed() -> None:
    result = filled(template(), sheet(("ada", "two-downloads", None)))
    assert cells(result, 3)[6] == "7"
    assert result.left_out == ("ada, two-downloads: was not marked",)


@pytest.mark.parametrize(("missing", "cell"), [(True, "0"), (False, "7")])
def test_work_that_is_missing_is_zero_or_left(missing: bool, cell: str) -> None:
    result = filled(template(), sheet(("ada", "two-downloads", None), standing="missing"), missing=missing)
    assert (cells(result, 3)[6], result.left_out) == (cell, ())


def test_what_was_set_by_hand_for_work_that_is_missing_is_written() -> None:
    result = filled(template(), sheet(("ada", "two-downloads", 5.0), standing="missing"), missing=False)
    assert cells(result, 3)[6] == "5"


def test_other_points_in_canvas_are_told_and_the_same_are_not() -> None:
    result = filled(template(), sheet(("ada", "say-after", 1.0)))
    assert result.told == ("two-downloads: has 10 points here and 100.00 in Canvas; points are not converted",)


def test_semicolons_bring_decimal_commas() -> None:
    text = template().replace('"Lovelace, Ada"', "Ada").replace('"Babbage, Bob"', "Bob").replace(",", ";")
    result = filled(text, sheet(("ada", "say-after", 7.25)))
    assert b"Ada;1001;s1;ada;A;7,25;7;70;70\r\n" in result.content


def test_first_and_last_names_in_columns_of_their_own_are_a_name() -> None:
    header = "LastName,FirstName,ID,SIS Login ID,Section,Say after (77)"
    text = f"{header}\nLovelace,Ada,1001,ada,A,\n"
    assert cells(filled(text, sheet(("Ada Lovelace", "say-after", 2.0))), 1)[5] == "2"


def test_formulas_in_canvas_own_cells_are_defused_and_scores_are_not() -> None:
    evil = '"=HYPERLINK(""http://x"")",1001,s1,@ada,+A,,-2,-,70'
    result = filled(template(evil), sheet(("1001", "say-after", 1.0)))
    assert cells(result, 3) == ['\'=HYPERLINK("http://x")', "1001", "s1", "'@ada", "'+A", "1", "-2", "-", "70"]


@pytest.mark.parametrize("text", ["", "\n", "name,score\nada,1\n", "ID,Student\n"])
def test_what_canvas_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(
        UsageError, match=r"x\.csv: is no gradebook of Canvas; its first row has to begin with Student and ID"
    ):
        read_template(text.encode(), "x.csv")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UsageError, match=r"x\.csv: is no UTF-8 text"):
        read_template(b"Student,ID\n\xff\xfe", "x.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_a_template_that_a_spreadsheet_saved_is_read(delimiter: str, encoding: str, first: str) -> None:
    text = f"{first}Student;ID;Section;Say after (77)\r\nZoë;1001;A;\r\n".replace(";", delimiter)
    found = read_template(text.encode(encoding), "canvas.csv")
    assert (found.delimiter, found.rows[0][:2]) == (delimiter, ("Zoë", "1001"))
