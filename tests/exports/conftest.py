"""A small class, written as `grader grade` writes it and read as the exports read it."""

from pathlib import Path

import pytest

from grader.batch.records import grades_csv, verdicts_jsonl
from grader.exports.sheet import Sheet, read_sheet
from grader.feedback import grades as book
from tests.exports.samples import verdict


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Ada has full marks and nothing more; Bob failed in a hidden case; on Zoe's file the grader failed."""
    columns = [book.Column("say-after", "Say after", 10), book.Column("two-downloads", "Two downloads", 10)]
    lines = [
        book.Line("Ada Lovelace", "say-after", "a/say_after.py", "00ff", verdict("passed")),
        book.Line("Ada Lovelace", "two-downloads"),
        book.Line("=bob", "say-after", "b/say_after.py", "00ff", verdict("hidden-case")),
        book.Line("=bob", "two-downloads", "b/two_downloads.py", "00ff", verdict("long-timeline")),
        book.Line("zoe", "say-after", "z/say_after.py", "00ff", verdict("own-fault")),
        book.Line("zoe", "two-downloads"),
    ]
    made = book.grades("A course", columns, ["Ada Lovelace", "=bob", "zoe"], lines)
    folder = tmp_path / "grades"
    folder.mkdir()
    (folder / "verdicts.jsonl").write_bytes(verdicts_jsonl(made))
    (folder / "grades.csv").write_bytes(grades_csv(made))
    return folder


@pytest.fixture
def sheet(out: Path) -> Sheet:
    return read_sheet(out)
