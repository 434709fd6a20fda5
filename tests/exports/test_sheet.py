"""What `grader grade` wrote is read whole, and what is not that is refused by line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.errors import UsageError
from grader.exports.sheet import Sheet, narrowed, read_sheet


def test_the_rows_are_those_that_were_written(sheet: Sheet) -> None:
    assert [(row.learner, row.exercise, row.standing, row.raw) for row in sheet.rows] == [
        ("=bob", "say-after", "failed", 6.0),
        ("=bob", "two-downloads", "failed", 4.0),
        ("Ada Lovelace", "say-after", "passed", 10.0),
        ("Ada Lovelace", "two-downloads", "missing", None),
        ("zoe", "say-after", "error", None),
        ("zoe", "two-downloads", "missing", None),
    ]


@pytest.mark.parametrize(
    ("score", "counts"),
    [
        ({"points": 0.0, "said": "nothing here could be graded: work.rar"}, None),
        ({"points": 4.0, "said": "set by eve", "by_hand": True}, 4.0),
    ],
)
def test_of_missing_work_only_what_was_set_by_hand_counts(out: Path, score: object, counts: float | None) -> None:
    head = {"learner": "ann", "exercise": "say-after", "status": "missing", "points": 0.0, "max_points": 10.0}
    (out / "verdicts.jsonl").write_text(json.dumps({**head, "score": score}) + "\n")
    (row,) = read_sheet(out).rows
    assert (row.standing, row.raw, row.adjusted) == ("missing", None, counts)


def test_columns_stand_in_the_courses_order_with_titles_from_the_verdicts(out: Path) -> None:
    lines = (out / "verdicts.jsonl").read_bytes().splitlines()
    (out / "verdicts.jsonl").write_bytes(b"\n".join(reversed(lines)))
    columns = read_sheet(out).columns
    assert [column.slug for column in columns] == ["say-after", "two-downloads"]
    assert columns[0].title == "One after the other, or together?"


def test_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"verdicts\.jsonl: No such file.*; name the folder that 'grader grade' wrote"):
        read_sheet(tmp_path)


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"learner": "x"}', b'{"learner": 1}'])
def test_a_line_that_is_no_record_is_named(out: Path, line: bytes) -> None:
    (out / "verdicts.jsonl").write_bytes((out / "verdicts.jsonl").read_bytes() + line)
    with pytest.raises(UsageError, match=r"verdicts\.jsonl:7: is no record of a verdict"):
        read_sheet(out)


def test_narrowed_keeps_what_was_asked_for(sheet: Sheet) -> None:
    found = narrowed(sheet, ["say-after"], ["zoe"])
    assert [(row.learner, row.exercise) for row in found.rows] == [("zoe", "say-after")]
    assert narrowed(sheet) == sheet


def test_an_unknown_name_is_refused_with_the_one_that_is_near(sheet: Sheet) -> None:
    with pytest.raises(
        UsageError, match="there is no exercise 'say-aftr' in what was graded; did you mean 'say-after'"
    ):
        narrowed(sheet, ["say-aftr"])
    with pytest.raises(UsageError, match="there is no learner 'nobody' in what was graded; there are 3 in all"):
        narrowed(sheet, (), ["nobody"])


def interrupted(out: Path) -> None:
    """Zoe's two files and one of Bob's were not graded yet."""
    lines = [line for line in (out / "verdicts.jsonl").read_bytes().splitlines() if b'"zoe"' not in line]
    (out / "verdicts.jsonl").write_bytes(b"\n".join(lines[1:]) + b"\n")
    table = ["learner,say-after,two-downloads,total,missing,not_marked", "'=bob,,4,4,,say-after"]
    table += ["Ada Lovelace,10,,10,two-downloads,", "zoe,,,0,,say-after two-downloads"]
    (out / "grades.csv").write_text("\n".join(table))


def test_what_is_not_graded_yet_is_known_though_there_is_no_record_of_it(out: Path) -> None:
    interrupted(out)
    sheet = read_sheet(out)
    assert sheet.waiting == (("=bob", "say-after"), ("zoe", "say-after"), ("zoe", "two-downloads"))
    assert narrowed(sheet, ["two-downloads"]).waiting == (("zoe", "two-downloads"),)
    assert narrowed(sheet, (), ["=bob"]).waiting == (("=bob", "say-after"),)


def test_an_export_tells_what_is_not_graded_yet_and_ends_with_1_and_stats_lists_it(out: Path) -> None:
    interrupted(out)
    result = CliRunner().invoke(main, ["export", str(out), "--format", "csv"])
    assert result.exit_code == 1
    assert [line for line in result.stderr.splitlines() if "zoe" in line] == [
        "grader: left out: zoe, say-after: is not graded yet; run 'grader grade' again",
        "grader: left out: zoe, two-downloads: is not graded yet; run 'grader grade' again",
    ]
    template = out / "canvas.csv"
    template.write_text("Student,ID,Section,Two downloads\n=bob,1,A,\nAda Lovelace,2,A,\nzoe,3,A,\n")
    filled = CliRunner().invoke(main, ["export", str(out), "--format", "canvas", "--template", str(template)])
    assert (filled.exit_code, filled.stderr.count("is not graded yet")) == (1, 3)
    shown = CliRunner().invoke(main, ["stats", str(out), "--no-color"]).stdout
    assert shown.endswith("Not graded yet:\n  =bob: say-after\n  zoe: say-after, two-downloads\n")


def test_a_fault_of_the_graders_own_that_has_a_score_by_hand_is_no_loss(out: Path) -> None:
    lines = (out / "verdicts.jsonl").read_bytes().splitlines()
    score = b'{"learner":"zoe","score":{"points":7,"said":"oral","by_hand":true,"late":false}'
    lines[4] = lines[4].replace(b'{"learner":"zoe"', score)
    (out / "verdicts.jsonl").write_bytes(b"\n".join(lines))
    result = CliRunner().invoke(main, ["export", str(out), "--format", "csv"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "zoe,say-after,error,,7,10,no,oral" in result.stdout
    assert "Not marked" not in CliRunner().invoke(main, ["stats", str(out)]).stdout
