"""The records of a class: the same bytes for the same class, and harmless in a spreadsheet."""

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest

from grader.batch.atomic import write
from grader.batch.records import grades_csv, verdicts_jsonl
from grader.feedback.grades import Column, Grades, Line, Score, grades
from grader.feedback.spreadsheet import defused
from grader.verdict import Verdict, decode

VERDICTS = Path(__file__).parent.parent / "feedback" / "verdicts"


def verdict(name: str) -> Verdict:
    return decode((VERDICTS / f"{name}.json").read_bytes())


def book(learners: tuple[str, ...] = ("ann", "=1+1", "zoe")) -> Grades:
    columns = [Column("say-after", "Say after", 10), Column("two-downloads", "Two downloads", 10)]
    first, second, third = learners
    lines = [
        Line(third, "say-after", "z/say_after.py", "00ff", verdict("own-fault")),
        Line(first, "two-downloads", "a/two_downloads.py", "00ff", verdict("long-timeline")),
        Line(first, "say-after", "a/say_after.py", "00ff", verdict("passed")),
        Line(second, "say-after"),
        Line(second, "two-downloads"),
    ]
    return grades("A course", columns, learners, lines, waiting=1)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("passed", "result"),
        ("sequential", "result"),
        ("crash", "deadlock"),
        ("syntax-error", "does not import"),
        ("own-fault", "error"),
    ],
)
def test_a_record_of_an_earlier_format_has_an_outcome_when_it_is_read_and_written_again(
    name: str, outcome: str
) -> None:
    old = (VERDICTS / f"{name}.json").read_bytes()
    assert "outcome" not in json.loads(old)
    assert decode(old).outcome == outcome
    line = Line("ann", "say-after", "a.py", "00ff", decode(old))
    (written,) = verdicts_jsonl(grades("A", [Column("say-after", "S", 10)], ["ann"], [line], waiting=0)).splitlines()
    assert json.loads(written)["outcome"] == outcome
    assert decode(written) == decode(old)


def test_grades_have_a_byte_order_mark_and_a_total() -> None:
    content = grades_csv(book())
    assert content.startswith(b"\xef\xbb\xbflearner,say-after,two-downloads,total,missing,not_marked\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row[:4] for row in rows[1:]] == [["'=1+1", "", "", "0"], ["ann", "10", "4", "14"], ["zoe", "", "", "0"]]


def test_what_is_missing_is_no_zero_and_what_is_not_marked_is_not_missing() -> None:
    """A zero is what a program earned."""
    columns = [Column("say-after", "Say after", 10), Column("two-downloads", "Two downloads", 10)]
    none = msgspec.structs.replace(verdict("long-timeline"), points=0.0)
    lines = [
        Line("ann", "say-after", "a/say_after.py", "00ff", none),
        Line("ann", "two-downloads"),
        Line("bob", "say-after", score=Score(0, "nothing here could be graded: work.rar")),
        Line("bob", "two-downloads", score=Score(5, "set by eve", by_hand=True)),
        Line("carla", "say-after", "c/say_after.py", "00ff", verdict("own-fault")),
    ]
    content = grades_csv(grades("A course", columns, ["ann", "bob", "carla"], lines, waiting=1))
    assert content.decode("utf-8-sig").splitlines()[1:] == [
        "ann,0,,0,two-downloads,",
        "bob,,5,5,say-after,",
        "carla,,,0,,say-after two-downloads",
    ]


def test_who_is_excused_has_the_total_of_the_others_out_of_as_many_points() -> None:
    columns = [Column("a", "A", 10, weight=0.5), Column("b", "B", 30, excused=True), Column("c", "C", 5)]
    found = msgspec.structs.replace(verdict("passed"), points=6.0)
    lines = [
        *(Line("ann", slug, f"{slug}.py", "00ff", found) for slug in "abc"),
        *(Line("bob", slug, f"{slug}.py", "00ff", found) for slug in "ac"),
        Line("bob", "b"),
        *(Line("carla", slug) for slug in "abc"),
        Line("dan", "a"),
        Line("dan", "b", score=Score(15, "set by eve", by_hand=True)),
    ]
    book = grades("A course", columns, ["ann", "bob", "carla", "dan"], lines)
    assert [learner.total for learner in book.each()] == [15, pytest.approx(9 * 40 / 10), 0, 15]


def test_who_is_excused_from_all_there_is_has_no_points() -> None:
    book = grades("A course", [Column("a", "A", 10, excused=True)], ["ann"], [Line("ann", "a")])
    assert book.of("ann").total == 0


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "\uff1d1"])
def test_what_a_spreadsheet_would_compute_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["ann", "a=b", "李", "1"])
def test_other_names_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


def test_a_record_is_a_verdict_with_its_origin() -> None:
    records = verdicts_jsonl(book()).splitlines()
    ann = json.loads(records[2])
    assert (ann["learner"], ann["file"], ann["sha256"]) == ("ann", "a/say_after.py", "00ff")
    assert decode(records[2]) == verdict("passed")


def test_what_is_missing_has_a_record_too() -> None:
    assert json.loads(verdicts_jsonl(book()).splitlines()[0]) == {
        "learner": "=1+1",
        "file": None,
        "sha256": None,
        "exercise": "say-after",
        "title": "Say after",
        "status": "missing",
        "outcome": "missing",
        "points": 0.0,
        "max_points": 10.0,
    }


def test_records_are_sorted_by_learner_and_by_the_courses_order() -> None:
    records = [json.loads(record) for record in verdicts_jsonl(book()).splitlines()]
    assert [(record["learner"], record["exercise"]) for record in records] == [
        ("=1+1", "say-after"),
        ("=1+1", "two-downloads"),
        ("ann", "say-after"),
        ("ann", "two-downloads"),
        ("zoe", "say-after"),
    ]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "grades.csv"
    target.write_text("old")
    write(target, b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["grades.csv"]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "grades.csv").mkdir()
    with pytest.raises(OSError, match=r"grades\.csv"):
        write(tmp_path / "grades.csv", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["grades.csv"]
