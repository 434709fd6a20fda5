"""Where the records go, and where they go instead: what was graded is not lost because a disk is full."""

import errno
import re
from pathlib import Path

import pytest

from grader.batch import atomic
from grader.batch import book as book_module
from grader.batch.book import UnwrittenError, can_be_written, write_records
from grader.errors import UsageError
from grader.feedback.grades import Column, Grades, Line, grades
from grader.verdict import decode

VERDICT = decode((Path(__file__).parent.parent / "feedback" / "verdicts" / "passed.json").read_bytes())
NAMES = ["grades.csv", "report.html", "verdicts.jsonl"]


@pytest.fixture
def book() -> Grades:
    lines = [Line("ann", "say-after", "ann/say_after.py", "ab" * 32, VERDICT)]
    return grades("A course", [Column("say-after", "Say after", 10)], ["ann"], lines)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the system's new folders are made."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


def full(monkeypatch: pytest.MonkeyPatch, *folders: Path, spared: str = "") -> None:
    """No room is left below `folders`, but for the file `spared`."""

    def refuse(path: Path, content: bytes) -> None:
        if path.name != spared and any(path.is_relative_to(folder) for folder in folders):
            raise OSError(errno.ENOSPC, "No space left on device")
        atomic.write(path, content)

    monkeypatch.setattr(book_module, "write", refuse)


def test_the_records_go_where_they_are_asked_for(book: Grades, tmp_path: Path) -> None:
    write_records(book, tmp_path / "a" / "b", "<p>")
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == NAMES


def test_a_folder_that_went_away_meanwhile_is_made_again(book: Grades, tmp_path: Path) -> None:
    can_be_written(tmp_path / "out")
    (tmp_path / "out").rmdir()
    write_records(book, tmp_path / "out", "<p>")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == NAMES


def test_trying_a_folder_leaves_nothing_in_it(tmp_path: Path) -> None:
    can_be_written(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("")
    place = tmp_path / "README.md" / "x"
    with pytest.raises(UsageError) as told:
        can_be_written(place)
    said = f"{place}: nothing can be written there (Not a directory); name another folder with --out"
    assert str(told.value) == said


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc, where nobody can write")
def test_a_folder_in_which_nothing_can_be_written_is_told() -> None:
    with pytest.raises(UsageError, match=r"^/proc: nothing can be written there \(No such file or directory\)"):
        can_be_written(Path("/proc"))


def test_on_a_full_disk_everything_is_written_elsewhere(
    book: Grades, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, tmp_path / "out")
    with pytest.raises(UnwrittenError) as told:
        write_records(book, tmp_path / "out", "<p>")
    [rescued] = elsewhere.iterdir()
    assert str(told.value) == (
        f"{tmp_path / 'out'}: verdicts.jsonl, grades.csv and report.html could not be written (No space left on device); "
        f"verdicts.jsonl, grades.csv and report.html stand in {rescued} instead"
    )
    assert sorted(path.name for path in rescued.iterdir()) == NAMES
    assert b'"learner":"ann"' in (rescued / "verdicts.jsonl").read_bytes()


def test_what_found_room_stays_where_it_was_asked_for(
    book: Grades, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, tmp_path / "out", spared="verdicts.jsonl")
    with pytest.raises(UnwrittenError, match="grades.csv and report.html could not be written"):
        write_records(book, tmp_path / "out", "<p>")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["verdicts.jsonl"]
    assert sorted(path.name for path in elsewhere.glob("*/*")) == ["grades.csv", "report.html"]


def test_what_finds_no_room_anywhere_is_said_to_be_lost(
    book: Grades, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, tmp_path, spared="grades.csv")
    (tmp_path / "out").mkdir()
    with pytest.raises(UnwrittenError, match=re.escape("verdicts.jsonl and report.html are lost: make room and grade")):
        write_records(book, tmp_path / "out", "<p>")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["grades.csv"]


def test_without_any_other_place_that_is_said(
    book: Grades, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.rmdir()
    full(monkeypatch, tmp_path / "out")
    with pytest.raises(UnwrittenError, match="nor anywhere else; make room and grade again$"):
        write_records(book, tmp_path / "out", "<p>")
