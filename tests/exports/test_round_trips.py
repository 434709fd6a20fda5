"""Each format read back by what reads such files: every text is there, as it was, and no spreadsheet computes any of it."""

import base64
import io
import json
from xml.etree import ElementTree as ET

import jsonschema
import pyarrow.acero  # its parts load one another late, and warn in a process in which programs have been played
import pyarrow.dataset
import pyarrow.parquet
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exports.canvas import fill, read_template
from grader.exports.formats import OF_A_CLASS, per_learner
from grader.exports.junit import legal
from grader.exports.moodle import feedback
from grader.exports.record import grades_schema
from grader.exports.sheet import Row, Sheet
from grader.feedback.spreadsheet import defused, read_table
from tests.exports.samples import AWKWARD, rows_of, sheets

settings.register_profile("few", parent=settings.get_profile("house"), max_examples=40)
few = settings(settings.get_profile("few"))


def text(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def value(told: str) -> float | None:
    return float(told) if told else None


def fields(row: Row) -> tuple[object, ...]:
    return (row.learner, row.exercise, row.standing, row.raw, row.adjusted, row.max_points, row.late, row.comment)


def is_harmless(cell: str) -> bool:
    return cell == defused(cell) or cell.startswith("'") or value_or_none(cell) is not None


def value_or_none(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


@few
@given(sheets())
def test_csv_comes_back(sheet: Sheet) -> None:
    content = OF_A_CLASS["csv"](sheet)
    read = [
        (name, slug, standing, value(raw), value(adjusted), value(most), late == "yes", comment)
        for name, slug, standing, raw, adjusted, most, late, comment in read_table(content)[1:]
    ]
    assert read == [fields(row) for row in sheet.rows]
    assert all(is_harmless(cell) for line in rows_of(content) for cell in line)


@few
@given(sheets())
def test_moodle_comes_back_with_feedback_beside_points_and_never_without(sheet: Sheet) -> None:
    content = OF_A_CLASS["moodle"](sheet)
    header, *lines = read_table(content)
    assert header == ["learner"] + [
        f"{column.slug} {what}" for column in sheet.columns for what in ("points", "feedback")
    ]
    assert [line[0] for line in lines] == list(sheet.learners)
    found = sheet.by_learner()
    for line in lines:
        for at, column in enumerate(sheet.columns):
            row = found[line[0]][column.slug]
            known = row.adjusted is not None
            assert line[1 + 2 * at : 3 + 2 * at] == [text(row.adjusted), feedback(row) if known else ""]
            assert not known or row.comment in line[2 + 2 * at]
    assert all(is_harmless(cell) for line in rows_of(content) for cell in line)


@few
@given(sheets(), st.data())
def test_canvas_comes_back_with_all_that_is_not_graded_untouched(sheet: Sheet, data: st.DataObject) -> None:
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Say after (77)", "Essay (78)", "Final Score"]
    sections = [data.draw(AWKWARD) for _ in sheet.learners]
    students = [
        [data.draw(AWKWARD), str(number), learner, f"login{number}", section, "", "3", "90"]
        for number, (learner, section) in enumerate(zip(sheet.learners, sections, strict=True), 1000)
    ]
    possible = ["    Points Possible", "", "", "", "", "10", "5", "(read only)"]
    template = read_template(quoted([header, possible, *students]), "canvas.csv")
    filled = fill(template, sheet)
    read = read_table(filled.content)
    assert read[0] == header
    assert read[1] == possible
    found = sheet.by_learner()
    rows = [
        found[learner]["say-after"]
        for learner in sheet.learners
        if learner in matched(template.name, filled.left_out, sheet)
    ]
    for student, after in zip(students, read[2:], strict=True):
        assert after[:5] + after[6:] == student[:5] + student[6:]
        row = found[student[2]]["say-after"]
        assert after[5] in ({text(row.adjusted)} if row in rows else {""})
    assert all(is_harmless(cell) or cell == "-" for line in rows_of(filled.content)[1:] for cell in line)


def matched(template: str, left_out: tuple[str, ...], sheet: Sheet) -> set[str]:
    """Learners whose row is beyond doubt."""
    return {learner for learner in sheet.learners if not any(line.startswith(f"{learner}: ") for line in left_out)}


def quoted(rows: list[list[str]]) -> bytes:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@few
@given(sheets())
def test_json_comes_back_and_keeps_to_its_schema(sheet: Sheet) -> None:
    document = json.loads(OF_A_CLASS["json"](sheet))
    jsonschema.Draft202012Validator(grades_schema()).validate(document)
    keys = ("learner", "exercise", "verdict", "points", "points_adjusted", "max_points", "late", "comment")
    assert [tuple(grade[key] for key in keys) for grade in document["grades"]] == [fields(row) for row in sheet.rows]
    assert [one["title"] for one in document["exercises"]] == [column.title for column in sheet.columns]


@few
@given(sheets())
def test_parquet_comes_back(sheet: Sheet) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(OF_A_CLASS["parquet"](sheet)))
    assert [tuple(line.values()) for line in table.to_pylist()] == [fields(row) for row in sheet.rows]


@few
@given(sheets())
def test_junit_comes_back_with_what_xml_cannot_hold_spelled_out(sheet: Sheet) -> None:
    suites = ET.fromstring(OF_A_CLASS["junit"](sheet)).findall("testsuite")
    assert [suite.get("name") for suite in suites] == [legal(learner) for learner in sheet.learners]


@few
@given(sheets())
def test_gradescope_comes_back_with_points_and_comments(sheet: Sheet) -> None:
    files = per_learner(sheet, "gradescope")
    for content, learner in zip(files.values(), sheet.learners, strict=True):
        document = json.loads(content)
        assert document["extra_data"]["grader"]["learner"] == learner
        rows = sheet.of(learner)
        assert document["score"] == sum(row.adjusted or 0.0 for row in rows)
        assert all(row.comment in document["output"] for row in rows)


@few
@given(sheets())
def test_github_classroom_comes_back_as_the_reporter_reads_it(sheet: Sheet) -> None:
    for content, learner in zip(per_learner(sheet, "github-classroom").values(), sheet.learners, strict=True):
        name, _, coded = content.decode("ascii").strip().partition("=")
        result = json.loads(base64.b64decode(coded, validate=True))
        assert name == "GRADER_RESULTS"
        rows = sheet.of(learner)
        assert (result["version"], result["max_score"]) == (1, sum(row.max_points for row in rows))
        assert {test["status"] for test in result["tests"]} <= {"pass", "fail", "error"}
        assert sum(test["score"] for test in result["tests"]) == sum(row.adjusted or 0.0 for row in rows)
