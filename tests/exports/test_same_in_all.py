"""After a term in which points, names, rules and scores changed, whatever says what somebody has says the same."""

import base64
import csv
import io
import json
import random
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest

from grader.batch.book import write_records
from grader.batch.grading import grade_all
from grader.batch.kept import asked, grades_of, keeping
from grader.batch.worker import Job, Terms
from grader.course.load import load_course
from grader.course.model import Exercise
from grader.course.policy_model import Late, Policy
from grader.exports.canvas import fill, read_template
from grader.exports.formats import OF_A_CLASS, per_learner
from grader.exports.sheet import Sheet, read_sheet
from grader.feedback.grades import Grades, Line, Scaled, on_scale
from grader.gradebook.by_hand import ByHand, set_score
from grader.gradebook.extensions import Extensions
from grader.gradebook.lateness import Extension
from grader.gradebook.opening import Gradebook, opened
from grader.grading.stamp import versions
from grader.intake.model import Handed, Intake
from grader.report.report import Report
from grader.verdict import decode, encode

ROOT = Path(__file__).parents[2]
VERDICTS = ROOT / "tests" / "feedback" / "verdicts"
KINDS = [
    decode((VERDICTS / f"{name}.json").read_bytes())
    for name in ("passed", "sequential", "own-fault", "syntax-error", "deadlock")
]
COURSE = load_course(ROOT)
SLUGS = ("say-after", "two-downloads", "run-it-once")
LEARNERS = ("ann", "=bob", "carla", "dan")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class AtOnce(Executor):
    def __init__(self, exercises: dict[str, Exercise]):
        self.exercises = exercises

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result((None, encode(self._verdict(args[0]))))
        return future

    def _verdict(self, job: Job) -> Any:
        exercise = self.exercises[job.handed.exercise]
        kind = KINDS[len(Path(job.handed.path).read_text()) % len(KINDS)]
        scale = Scaled(round(kind.points / kind.max_points * exercise.points, 9), exercise.points)
        return msgspec.structs.replace(
            on_scale(kind, scale),
            exercise=exercise.slug,
            title=exercise.title,
            versions=versions(exercise),
            isolation=job.terms.isolation,
        )


class Term:
    """A class whose course changes at random between runs."""

    def __init__(self, folder: Path, book: Gradebook, seed: int):
        self.folder, self.book, self.draw = folder, book, random.Random(seed)
        self.exercises = {slug: next(one for one in COURSE.exercises if one.slug == slug) for slug in SLUGS}
        self.handed: dict[tuple[str, str], Handed] = {}
        self.left: dict[str, str] = {}
        self.extensions: Extensions | None = None
        self.course = COURSE
        self.contents = 0

    def change(self) -> None:
        self.draw.choice(
            [self.points, self.title, self.policy, self.by_hand, self.more_time, self.weights, self.leave]
        )()

    def points(self) -> None:
        self._exercise(points=self.draw.choice([3.0, 7.0, 10.0, 20.0, 12.5]))

    def title(self) -> None:
        self._exercise(title=self.draw.choice(["One", "Two", "Three"]) + str(self.draw.randrange(9)))

    def policy(self) -> None:
        late = self.draw.choice([None, Late(per="hour", percent=7), Late(per="day", points=1.5, cap=4)])
        self._exercise(
            policy=Policy(
                due="2026-03-01 12:00 UTC",
                late=late,
                attempts=self.draw.choice([None, 1, 2]),
                counts=self.draw.choice(["best", "last"]),
                missing=self.draw.choice(["zero", "excused"]),
            )
        )

    def _exercise(self, **changes: Any) -> None:
        slug = self.draw.choice(SLUGS)
        self.exercises[slug] = msgspec.structs.replace(self.exercises[slug], **changes)

    def by_hand(self) -> None:
        slug = self.draw.choice(SLUGS)
        most = self.exercises[slug].points
        points = self.draw.choice([None, 0.0, most, round(most / 3, 4)])
        set_score(self.book, self.draw.choice(LEARNERS), slug, ByHand(points, "oral", "eve", START), most=most)

    def more_time(self) -> None:
        self.extensions = Extensions({(self.draw.choice(LEARNERS), ""): Extension(days=1)}, {}, "more.csv")

    def weights(self) -> None:
        units = [msgspec.structs.replace(unit, weight=self.draw.choice([1.0, 3.0, 7.5])) for unit in COURSE.file.units]
        self.course = msgspec.structs.replace(COURSE, file=msgspec.structs.replace(COURSE.file, units=tuple(units)))

    def leave(self) -> None:
        self.left = {self.draw.choice(LEARNERS): "x.txt: is no program"}

    def hand_in(self) -> None:
        who, slug = self.draw.choice(LEARNERS), self.draw.choice(SLUGS)
        self.contents += 1
        file = self.folder / f"{who}-{slug}-{self.contents}.py"
        file.write_text("#" * (self.contents * len(KINDS) + self.draw.randrange(len(KINDS))))
        when = self.draw.choice([None, START + timedelta(hours=self.draw.randrange(-9, 60))])
        self.handed[(who, slug)] = Handed(who, slug, str(file), file.name, submitted=when)

    def grade(self) -> Grades:
        exercises = list(self.exercises.values())
        intake = Intake(LEARNERS, tuple(self.handed.values()), (), left=self.left)
        todo = asked(self.book, intake, exercises, Terms())
        keep = keeping(self.book, todo)
        how: dict[str, Any] = {"done": lambda line: None, "workers": 1, "pool": lambda _: AtOnce(self.exercises)}
        grade_all(todo.handed, self.exercises, Terms(), keep=keep, **how)
        book = grades_of(self.book, self.course, exercises, intake, self.extensions)
        write_records(book, self.folder / "out", Report)
        return book


def number(value: float) -> str:
    return f"{round(value, 4):g}"


@pytest.mark.parametrize("seed", range(6))
def test_after_a_term_of_changes_every_export_says_what_the_gradebook_says(seed: int, tmp_path: Path) -> None:
    with opened(str(tmp_path)) as gradebook:
        term = Term(tmp_path, gradebook, seed)
        term.grade()
        for _ in range(4):
            for _ in range(4):
                term.hand_in()
                term.change()
            term.grade()
            term.change()
        book = term.grade()
        compare(book, tmp_path / "out")


def compare(book: Grades, out: Path) -> None:
    sheet = read_sheet(out)
    lines = {(one.name, line.exercise): line for one in book.each() for line in one.lines}
    counts = {place: known(line) for place, line in lines.items()}
    most = {column.slug: column.points for column in book.columns}
    assert {(row.learner, row.exercise): row.adjusted for row in sheet.rows} == counts
    assert [(column.slug, column.title, column.points) for column in sheet.columns] == [
        (column.slug, column.title, column.points) for column in book.columns
    ]
    shown = {place: "" if points is None else number(points) for place, points in counts.items()}
    assert moodle(sheet) == shown
    assert canvas(sheet) == shown
    assert table(out) == shown
    totals = {one.name: number(one.total) for one in book.each()}
    assert {who: number(total) for who, total in sheet.totals.items()} == totals
    shares = {who: number(share * book.max_points) for who, share in sheet.shares().items()}
    assert shares == totals
    for place, (letter, points) in report(out, book).items():
        missing, marked = lines[place].is_missing, lines[place].marked
        assert (letter == "m", letter == "e") == (missing, not marked), place
        assert points == ("" if counts[place] is None else f"{round(counts[place] or 0, 2):g}"), place
    by_learner = {who: sum(counts[who, slug] or 0 for slug in most) for who in book.learners}
    earned = dict(zip(sheet.learners, map(json.loads, per_learner(sheet, "gradescope").values()), strict=True))
    for who, found in earned.items():
        assert found["score"] == pytest.approx(by_learner[who], abs=1e-3)
        assert sum(test.get("max_score", 0) for test in found["tests"]) == pytest.approx(sum(most.values()), abs=1e-2)
    for who, found in classroom(sheet).items():
        assert sum(test["score"] for test in found["tests"]) == pytest.approx(by_learner[who], abs=1e-3), who
        assert found["max_score"] == sum(most.values())
        ruled = [test["name"].split(":")[0] for test in found["tests"] if "by the rules" in test["name"]]
        assert ruled == [
            slug
            for slug in most
            if lines[who, slug].marked and abs(lines[who, slug].raw - lines[who, slug].points) > 1e-6
        ]
    for who, summed in junit(sheet).items():
        assert summed == pytest.approx(by_learner[who], abs=1e-2), who


def known(line: Line) -> float | None:
    return None if line.is_missing or not line.marked else line.points


def table(out: Path) -> dict[tuple[str, str], str]:
    rows = list(csv.DictReader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8-sig"))))
    return {(row["learner"].removeprefix("'"), slug): row[slug] for row in rows for slug in SLUGS}


def report(out: Path, book: Grades) -> dict[tuple[str, str], tuple[str, str]]:
    """The first page's table: what a cell is like, and its points."""
    data = (out / "report" / "assets" / "learners.js").read_text().partition("=")[2].strip().rstrip(";")
    return {
        (row[0], column.slug): (cell[0].lower(), cell[1:].rstrip("*"))
        for row in json.loads(data)["learners"]
        for column, cell in zip(book.columns, row[3].split(","), strict=True)
    }


def moodle(sheet: Sheet) -> dict[tuple[str, str], str]:
    rows = list(csv.DictReader(io.StringIO(OF_A_CLASS["moodle"](sheet).decode("utf-8-sig"))))
    return {
        (learner, column.slug): row[f"{column.slug} points"]
        for row, learner in zip(rows, sheet.learners, strict=True)
        for column in sheet.columns
    }


def canvas(sheet: Sheet) -> dict[tuple[str, str], str]:
    slugs = [column.slug for column in sheet.columns]
    lines = [["Student", "ID", "Section", *slugs], *([who, who, "s", *("" for _ in slugs)] for who in sheet.learners)]
    made = io.StringIO()
    csv.writer(made).writerows(lines)
    filled = fill(read_template(made.getvalue().encode(), "t.csv"), sheet)
    rows = list(csv.DictReader(io.StringIO(filled.content.decode("utf-8-sig"))))
    return {(who, slug): row[slug] for row, who in zip(rows, sheet.learners, strict=True) for slug in slugs}


def classroom(sheet: Sheet) -> dict[str, Any]:
    found = {}
    for who, content in zip(sheet.learners, per_learner(sheet, "github-classroom").values(), strict=True):
        found[who] = json.loads(base64.b64decode(content.decode().partition("=")[2]))
    return found


def junit(sheet: Sheet) -> dict[str, float]:
    suites = ET.fromstring(OF_A_CLASS["junit"](sheet))
    return {
        who: sum(float(one.get("value", "")) for one in suite.iterfind(".//property[@name='points']"))
        for who, suite in zip(sheet.learners, suites, strict=True)
    }
