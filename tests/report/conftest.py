"""A small class with every kind of outcome in it, and names chosen to hurt."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.feedback.grades import Column, Grades, Line, Score, Stray, grades
from grader.report.report import Report
from grader.verdict import Verdict, decode
from tests.report.browser import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VERDICTS = Path(__file__).parent.parent / "feedback" / "verdicts"
EVIL = "<script>alert('name')</script>"
NAMES = ("ann", "bob", "Émile", EVIL, "李小龍", "=1+1", "zoe", "carla")
KINDS = (
    "passed",
    "sequential",
    "everything-marked",
    "markup",
    "non-ascii",
    "own-fault",
    "hidden-case",
    "syntax-error",
)
Files = dict[str, str]


def verdict(name: str) -> Verdict:
    return decode((VERDICTS / f"{name}.json").read_bytes())


def small_class() -> Grades:
    columns = [
        Column("say-after", "One after the other, or together?", 10),
        Column("two-downloads", "Two downloads", 10),
        Column("process-output", "The output of several programs", 10),
    ]
    lines = [
        Line(name, "say-after", f"{name}/say_after.py", "ab12" * 16, verdict(kind))
        for name, kind in zip(NAMES, KINDS, strict=True)
    ]
    late = Score(3.2, "1 day late (due 2026-03-01 12:00 UTC): 20 % of 4 points taken off", late=True)
    by_hand = Score(8, "set by eve on 2026-03-05: shown in the lab", by_hand=True)
    lines += [
        Line("ann", "two-downloads", "ann/t.py", "cd" * 32, verdict("long-timeline"), late),
        Line("bob", "two-downloads", "bob/t.py", "cd" * 32, verdict("long-timeline"), by_hand),
    ]
    lines += [Line(name, "two-downloads") for name in NAMES[2:]]
    lines += [Line("ann", "process-output", "ann/p.py", "ef" * 32, verdict("crash"))]
    strays = [Stray("ann/<b>.txt", "not named after an exercise")]
    return grades("asyncio & friends", columns, NAMES, lines, strays, waiting=1)


def written(book: Grades) -> Files:
    """All files of the report, by their paths."""
    report = Report(book)
    files = [file for learner in book.each() for file in report.of(learner)] + list(report.rest())
    assert len({name for name, _ in files}) == len(files)
    return {name: content.decode() for name, content in files}


@pytest.fixture(scope="session")
def book() -> Grades:
    return small_class()


@pytest.fixture(scope="session")
def files(book: Grades) -> Files:
    return written(book)


def put(book: Grades, folder: Path) -> Path:
    """The report of `book`, written into `folder`."""
    from grader.batch.folder import Folder

    report = Report(book)
    there = Folder(folder, report.sign)
    for learner in book.each():
        there.put(report.of(learner))
    there.put(report.rest())
    return folder


# not for the session: while it runs this thread has a running event loop, with which other tests could do nothing
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with running() as browser:
        yield browser


@pytest.fixture(scope="session")
def site(book: Grades, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(book, tmp_path_factory.mktemp("site"))
