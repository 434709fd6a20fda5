"""The class's pages: what is counted, what is listed, and the data of the table."""

import json
import re
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace as replace_

from grader.feedback.grades import Column, Grades, Learner, Line, Score, grades
from grader.feedback.statistics import distribution
from grader.report.address import page_of
from grader.report.figures import histogram
from grader.report.listing import AT_ONCE, by_name
from grader.report.overview import AT_ONCE as IN_THE_TABLE
from grader.report.table import Cell, cell
from grader.verdict import Verdict
from tests.report.conftest import Files, verdict, written
from tests.report.reader import Reader

SAY_AFTER = Column("say-after", "Say after", 10)


def class_of(count: int, found: Verdict | None = None, score: Score | None = None) -> Grades:
    names = [f"learner {number:04}" for number in range(count)]
    lines = [
        Line(name, "say-after", "a.py" if found else None, "ab" * 32 if found else None, found, score) for name in names
    ]
    return grades("c", [SAY_AFTER], names, lines)


def data(files: Files) -> dict[str, Any]:
    text = files["assets/learners.js"]
    assert text.startswith("const CLASS = {")
    assert text.endswith("};\n")
    found: dict[str, Any] = json.loads(text.removeprefix("const CLASS = ").removesuffix(";\n"))
    return found


# ---------------------------------------------------------------- the first page


def test_the_class_is_counted(files: Files) -> None:
    text = Reader(files["index.html"]).text
    for said in (
        "learners8",
        "files graded11",
        "with full marks1not handed in6set",
        "set by hand1",
        "late1",
        "not marked1",
        "not placed1",
    ):
        assert said in text


def test_what_is_not_marked_is_counted_on_the_page_of_its_exercise() -> None:
    faults, right = (
        Reader(written(class_of(3, verdict(kind)))["exercises/say-after.html"]).text for kind in ("own-fault", "passed")
    )
    assert "not marked3" in faults
    assert "not marked" not in right


def test_what_is_not_there_is_not_counted() -> None:
    text = Reader(written(class_of(2, verdict("passed")))["index.html"]).text
    assert not [
        what for what in ("set by hand0", "late", "not marked0", "not placed") if f"{what}" in text.lower()[:400]
    ]


def test_that_grading_was_interrupted_is_said(files: Files) -> None:
    assert "Grading was interrupted: 1 file was not graded." in Reader(files["index.html"]).text
    assert "interrupted" not in written(class_of(1))["index.html"]


def test_how_it_was_graded_is_said(files: Files) -> None:
    assert re.search(r"\d files: isolation in-process, grader 0\.1\.0, Python 3\.11", Reader(files["index.html"]).text)


def test_learners_come_in_order_with_their_totals(files: Files) -> None:
    text = Reader(files["index.html"]).text
    table = text[text.index("Points of each learner") :]
    order = [table.index(name) for name in ("ann", "bob", "carla", "Émile", "zoe", "李小龍")]
    assert order == sorted(order)
    assert "bob135" in table


def test_misconceptions_lead_to_their_places(files: Files) -> None:
    assert "exercises/say-after.html#m-await-await-thought-parallel" in Reader(files["index.html"]).links()


def test_a_distribution_is_told_in_words_as_well() -> None:
    read = Reader(histogram(distribution([0, 0.05, 0.5, 1]), "Totals", "learner"))
    [said] = [text for tag, text in read.texts if tag == "desc"]
    assert said.startswith("0 to 10 %: 2; 10 to 20 %: 0; 20 to 30 %: 0;")
    assert "4 learners; mean 39 %, median 28 %" in read.text
    assert len(read.of_class("column")) == 3


# ---------------------------------------------------------------- exercises


def test_an_exercise_counts_checks(files: Files) -> None:
    text = Reader(files["exercises/say-after.html"]).text
    assert "of 8 handed in8" in text
    assert re.search(r"parallel( in together)?\d of \d", text)
    assert "Difficulty is the share of the points that was lost." in text


def test_a_misconception_has_its_words_one_run_that_shows_it_and_who_showed_it(files: Files) -> None:
    read = Reader(files["exercises/say-after.html"])
    assert "await-await-thought-parallel 1 of 7It took first + second." in read.text
    assert read.text.index("What this program did") < read.text.index("What is possible")
    assert f"../learners/{page_of('bob')}.html" in read.links()


def test_of_many_learners_who_share_a_misconception_the_first_are_named_and_the_others_counted() -> None:
    read = Reader(written(class_of(40, verdict("sequential")))["exercises/say-after.html"])
    assert len([link for link in read.links() if link.startswith("../learners/")]) == 12
    assert "and 28 more, in the table of the class" in read.text
    assert "../index.html#show=say-after%3A+await-await-thought-parallel" in read.links()


def test_a_run_of_a_hidden_case_is_no_example() -> None:
    found = verdict("sequential")
    hidden = tuple(msgspec.structs.replace(case, hidden=True) for case in found.cases)
    read = Reader(written(class_of(1, msgspec.structs.replace(found, cases=hidden)))["exercises/say-after.html"])
    assert "1 of 1It took first + second." in read.text
    assert "For example" not in read.text
    assert "What this program did" not in read.text


@pytest.mark.parametrize(("met", "said"), [((True, False), "look at it"), ((False, True), "1.00")])
def test_a_check_that_the_better_ones_did_not_meet_is_to_be_looked_at(met: tuple[bool, bool], said: str) -> None:
    """`extra` is met by the one who has nothing else, or by the one who has all else."""

    def scored(points: float, extra: bool) -> Verdict:
        one = verdict("passed").checks[0]
        rest = msgspec.structs.replace(
            one, id="rest", points=points, max_points=9, status="passed" if points else "failed"
        )
        added = msgspec.structs.replace(
            one, id="extra", points=extra, max_points=1, status="passed" if extra else "failed"
        )
        return msgspec.structs.replace(verdict("passed"), status="failed", points=points + extra, checks=(rest, added))

    ann, bob = scored(0, met[0]), scored(9, met[1])
    lines = [Line("ann", "say-after", "a", "", ann), Line("bob", "say-after", "b", "", bob)]
    text = Reader(written(grades("c", [SAY_AFTER], ["ann", "bob"], lines))["exercises/say-after.html"]).text
    row = text[text.index("extra") : text.index("Difficulty is")]
    assert said in row


def test_programs_that_came_to_no_result_are_counted_by_how_they_ended(files: Files) -> None:
    assert "the file could not be loaded1" in Reader(files["exercises/say-after.html"]).text


# ---------------------------------------------------------------- lists


def test_late_work_is_listed_with_what_was_earned_and_what_counts(files: Files) -> None:
    text = Reader(files["late/1.html"]).text
    assert "annTwo downloads1 day late (due 2026-03-01 12:00 UTC): 20 % of 4 points taken off43.2" in text


def test_what_is_not_marked_is_listed_with_what_failed(files: Files) -> None:
    assert "=1+1One after the other, or together?=1+1/say_after.py" in Reader(files["not-marked/1.html"]).text


def test_what_could_not_be_placed_is_listed_with_the_reason(files: Files) -> None:
    assert "ann/<b>.txtnot named after an exercise" in Reader(files["not-placed/1.html"]).text


def test_a_list_that_has_nothing_in_it_is_not_made() -> None:
    files = written(class_of(1, verdict("passed")))
    assert not [name for name in files if name.startswith(("late/", "not-"))]


@pytest.mark.parametrize(("count", "pages"), [(AT_ONCE, 1), (AT_ONCE + 1, 2), (2 * AT_ONCE, 2), (2 * AT_ONCE + 1, 3)])
def test_a_long_list_has_pages(count: int, pages: int) -> None:
    files = written(class_of(count, None, Score(5, "an hour late", late=True)))
    late = {name: Reader(page) for name, page in files.items() if name.startswith("late/")}
    assert list(late) == [f"late/{number}.html" for number in range(1, pages + 1)]
    rows = [len(read.named("tr")) - 1 for read in late.values()]
    assert sum(rows) == count
    assert set(rows[:-1]) <= {AT_ONCE}
    turning = [[link for link in read.links() if re.fullmatch(r"\d\.html", link)] for read in late.values()]
    assert turning == [
        [f"{at}.html" for at in (number - 1, number + 1) if 1 <= at <= pages] for number in range(1, pages + 1)
    ]


def test_pages_by_name_say_who_is_on_them() -> None:
    names = [f"learner {number:04}" for number in range(AT_ONCE + 1)]
    links = by_name(names, "names/")
    assert links == [
        ("names/1.html", "learner 0000 \u2013 learner 0199"),
        ("names/2.html", "learner 0200 \u2013 learner 0200"),
    ]
    assert by_name(["a name that is longer than that"]) == [("1.html", "a name that is lo… \u2013 a name that is lo…")]
    files = written(class_of(AT_ONCE + 1))
    for page, prefix in (("index.html", "names/"), ("names/1.html", ""), ("names/2.html", "")):
        assert {f"{prefix}1.html", f"{prefix}2.html"} <= set(Reader(files[page]).links())


def test_of_a_large_class_the_first_page_holds_a_part_only() -> None:
    files = written(class_of(IN_THE_TABLE + 20))
    read = Reader(files["index.html"])
    assert len([link for link in read.links() if link.startswith("learners/")]) == IN_THE_TABLE
    assert f"The first {IN_THE_TABLE} by name; all of them stand on these pages:" in read.text
    assert len(data(files)["learners"]) == IN_THE_TABLE + 20
    assert "The first" not in written(class_of(IN_THE_TABLE))["index.html"]


# ---------------------------------------------------------------- the table

LINES = [
    (None, Cell("waiting"), "w"),
    (Line("a", "say-after"), Cell("missing"), "m"),
    (Line("a", "say-after", "f", "", verdict("passed")), Cell("full", "10"), "f10"),
    (Line("a", "say-after", "f", "", verdict("sequential")), Cell("some", "5"), "s5"),
    (Line("a", "say-after", "f", "", verdict("syntax-error")), Cell("none", "0"), "n0"),
    (Line("a", "say-after", "f", "", verdict("own-fault")), Cell("error"), "e"),
    (Line("a", "say-after", "f", "", verdict("passed"), Score(8, "", late=True)), Cell("some", "8", late=True), "S8"),
    (
        Line("a", "say-after", "f", "", verdict("passed"), Score(10, "", late=True)),
        Cell("full", "10", late=True),
        "F10",
    ),
    (
        Line("a", "say-after", "f", "", verdict("own-fault"), Score(5, "", by_hand=True)),
        Cell("some", "5", by_hand=True),
        "s5*",
    ),
    (Line("a", "say-after", score=Score(10, "", by_hand=True)), Cell("some", "10", by_hand=True), "s10*"),
    (Line("a", "say-after", score=Score(0, "", by_hand=True)), Cell("none", "0", by_hand=True), "n0*"),
    (Line("a", "say-after", score=Score(0, "nothing here could be graded: work.rar")), Cell("missing"), "m"),
    (
        Line("a", "say-after", "f", "", verdict("passed"), Score(10, "set by eve", by_hand=True)),
        Cell("some", "10", by_hand=True),
        "s10*",
    ),
]


@pytest.mark.parametrize(("line", "shown", "packed"), LINES)
def test_a_cell_says_what_counts(line: Line | None, shown: Cell, packed: str) -> None:
    assert cell(line) == shown
    assert cell(line).packed() == packed


def test_the_data_of_the_table_hold_every_learner(book: Grades, files: Files) -> None:
    found = data(files)
    assert found["exercises"] == ["say-after", "two-downloads", "process-output"]
    assert [row[0] for row in found["learners"]] == list(book.learners)
    rows = {row[0]: row[1:] for row in found["learners"]}
    assert rows["ann"] == [page_of("ann"), 13.2, "f10,S3.2,n0", "0"]
    assert rows["bob"][:3] == [page_of("bob"), 13, "s5,s8*,w"]
    assert found["misconceptions"][int(rows["bob"][3])] == "say-after: await-await-thought-parallel"
    assert found["misconceptions"][int(rows["ann"][3])].startswith("process-output: ")


def test_behind_an_id_stands_what_its_learner_is_called(book: Grades) -> None:
    found = written(replace(book, called={"ann": "Ann Lee", "bob": "Bob Lu"}))
    assert [row[5] for row in data(found)["learners"] if row[0] in ("ann", "bob", "zoe")] == ["Ann Lee", "Bob Lu", ""]
    assert "ann Ann Lee" in Reader(found["late/1.html"]).text
    assert "bob Bob Lu" in Reader(found["exercises/say-after.html"]).text


def test_ids_are_sorted_by_what_their_learners_are_called() -> None:
    """The script and the rows that stand in the page have the same order."""
    book = class_of(IN_THE_TABLE + 1)
    reverse = {id: f"Élan {len(book.learners) - at:04}" for at, id in enumerate(book.learners)}
    found = written(replace(book, called=reverse | {book.learners[3]: "elan 0000"}))
    rows = sorted(data(found)["learners"], key=lambda row: row[6])
    names = [row[0] for row in rows]
    assert names == [book.learners[3], *(id for id in reversed(book.learners) if id != book.learners[3])]
    links = [link for link in Reader(found["index.html"]).links() if link.startswith("learners/")]
    assert links == [f"learners/{page_of(name)}.html" for name in names[:IN_THE_TABLE]]


def test_totals_that_are_not_known_yet_are_no_0_in_the_distribution() -> None:
    columns = [SAY_AFTER, Column("two-downloads", "Two downloads", 10)]
    right, fault = verdict("passed"), verdict("own-fault")
    known = [Line("ann", column.slug, "f", "", replace_(right, exercise=column.slug)) for column in columns]
    others = [
        Line("bob", "say-after", "f", "", right),  # the other is not graded yet
        *(Line("cem", "say-after", "f", "", fault), Line("cem", "two-downloads")),
    ]
    text = Reader(written(grades("c", columns, ["ann", "bob", "cem"], [*known, *others]))["index.html"]).text
    assert "1 learner; mean 100 %, median 100 %" in text
    said = "left out: something of theirs is not graded yet, or not marked"
    assert f"2 learners {said}" in text
    nobody = Reader(written(grades("c", columns, ["bob"], others[:1]))["index.html"]).text
    assert f"Totals1 learner {said}" in nobody
    assert "left out" not in Reader(written(grades("c", columns, ["ann"], known))["index.html"]).text


def test_a_row_of_data_is_small(files: Files) -> None:
    """So that ten thousand learners with a dozen exercises are read at once."""
    names = [f"Firstname Lastname {number}" for number in range(50)]
    columns = [Column(f"exercise-{number}", "An exercise", 10) for number in range(12)]
    late = Score(7.25, "late", late=True)
    lines = [Line(name, column.slug, "f", "", verdict("passed"), late) for name in names for column in columns]
    assert len(written(grades("c", columns, names, lines))["assets/learners.js"]) < 50 * 160 + 1000


def test_totals_are_weighted_as_in_the_grades() -> None:
    learner = Learner("a", (), 0)
    assert learner.line("say-after") is None
    book = grades(
        "c", [Column("say-after", "Say after", 10, 0.5)], ["a"], [Line("a", "say-after", "f", "", verdict("passed"))]
    )
    files = written(book)
    assert data(files)["learners"][0][2] == 5
    assert "exercises count by the weights of their units" in files["index.html"]
