"""Where the records go, and where they go instead: what was graded is not lost because a disk is full."""

import errno
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.batch import atomic
from grader.batch.book import Counts, UnwrittenError, can_be_written, write_records
from grader.batch.records import Verdicts
from grader.errors import UsageError
from grader.feedback.grades import Column, Grades, Learner, Line, grades, read_later
from grader.verdict import decode

VERDICT = decode((Path(__file__).parent.parent / "feedback" / "verdicts" / "passed.json").read_bytes())
NAMES = ["grades.csv", "report", "verdicts.jsonl"]


class Report:
    """Of two kinds of pages."""

    sign = b"<p>"

    def __init__(self, book: Grades):
        self.names = list[str]()

    def of(self, learner: Learner) -> Iterator[tuple[str, bytes]]:
        self.names.append(learner.name)
        yield f"learners/{learner.name}.html", b"<p>" + learner.name.encode()

    def rest(self) -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"<p>" + " ".join(self.names).encode()


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

    def refuse(name: str, mode: str) -> Any:
        path = Path(name)
        if not path.name.startswith(f".{spared}.") and any(path.is_relative_to(folder) for folder in folders):
            raise OSError(errno.ENOSPC, "No space left on device")
        return open(name, mode)

    monkeypatch.setattr(atomic, "open", refuse, raising=False)


def test_the_records_go_where_they_are_asked_for(book: Grades, tmp_path: Path) -> None:
    assert write_records(book, tmp_path / "a" / "b", Report) == Counts(graded=1)
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == NAMES


def test_a_folder_that_went_away_meanwhile_is_made_again(book: Grades, tmp_path: Path) -> None:
    can_be_written(tmp_path / "out")
    (tmp_path / "out").rmdir()
    write_records(book, tmp_path / "out", Report)
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
        write_records(book, tmp_path / "out", Report)
    [rescued] = elsewhere.iterdir()
    assert str(told.value) == (
        f"{tmp_path / 'out'}: verdicts.jsonl, grades.csv and report could not be written (No space left on device); "
        f"verdicts.jsonl, grades.csv and report stand in {rescued} instead"
    )
    assert sorted(path.name for path in rescued.iterdir()) == NAMES
    assert b'"learner":"ann"' in (rescued / "verdicts.jsonl").read_bytes()


def test_what_found_room_stays_where_it_was_asked_for(
    book: Grades, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, tmp_path / "out", spared="verdicts.jsonl")
    with pytest.raises(UnwrittenError, match="grades.csv and report could not be written"):
        write_records(book, tmp_path / "out", Report)
    assert [path.name for path in (tmp_path / "out").rglob("*.*")] == ["verdicts.jsonl"]
    assert sorted(path.name for path in elsewhere.glob("*/*")) == ["grades.csv", "report"]


def test_what_finds_no_room_anywhere_is_said_to_be_lost(
    book: Grades, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, tmp_path, spared="grades.csv")
    (tmp_path / "out").mkdir()
    with pytest.raises(UnwrittenError, match=re.escape("verdicts.jsonl and report are lost: make room and grade")):
        write_records(book, tmp_path / "out", Report)
    assert [path.name for path in (tmp_path / "out").rglob("*.*")] == ["grades.csv"]


def test_without_any_other_place_that_is_said(
    book: Grades, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.rmdir()
    full(monkeypatch, tmp_path / "out")
    with pytest.raises(UnwrittenError, match="nor anywhere else; make room and grade again$"):
        write_records(book, tmp_path / "out", Report)


def class_of(*names: str) -> Grades:
    lines = [Line(name, "say-after", f"{name}/say_after.py", "ab" * 32, VERDICT) for name in names]
    return grades("A course", [Column("say-after", "Say after", 10)], names, lines)


def test_a_disk_that_is_full_in_the_middle_leaves_what_was_there_and_the_rest_goes_elsewhere(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_records(class_of("ann"), tmp_path / "out", Report)
    before = (tmp_path / "out" / "verdicts.jsonl").read_bytes()
    record, failing = Verdicts.of, ["bob"]

    def of(self: Verdicts, learner: Learner) -> bytes:
        if learner.name in failing:
            failing.remove(learner.name)
            raise OSError(errno.ENOSPC, "No space left on device")
        return record(self, learner)

    monkeypatch.setattr(Verdicts, "of", of)
    with pytest.raises(UnwrittenError, match="verdicts.jsonl could not be written") as told:
        write_records(class_of("ann", "bob", "carla"), tmp_path / "out", Report)
    assert told.value.counts == Counts(graded=3)
    assert (tmp_path / "out" / "verdicts.jsonl").read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == NAMES
    [rescued] = elsewhere.glob("*/*")
    assert [rescued.name, rescued.read_bytes().count(b"\n")] == ["verdicts.jsonl", 3]
    assert (tmp_path / "out" / "grades.csv").read_bytes().count(b"\n") == 4
    assert (tmp_path / "out" / "report" / "index.html").read_bytes() == b"<p>ann bob carla"


def test_what_a_learner_has_is_read_once_for_all_records(tmp_path: Path) -> None:
    asked: list[str] = []

    def read(names: Sequence[str]) -> Iterator[tuple[Line, ...]]:
        for name in names:
            asked.append(name)
            yield (Line(name, "say-after", "say_after.py", "ab" * 32, VERDICT),)

    book = read_later("A course", [Column("say-after", "Say after", 10)], ["bob", "ann"], read)
    assert asked == []
    write_records(book, tmp_path, Report)
    assert asked == ["ann", "bob"]


def test_files_on_which_the_grader_failed_are_counted(tmp_path: Path) -> None:
    failed = msgspec.structs.replace(VERDICT, status="error")
    lines = [Line("ann", "say-after", "a.py", "ab" * 32, VERDICT), Line("bob", "say-after", "b.py", "ab" * 32, failed)]
    book = grades("A course", [Column("say-after", "Say after", 10)], ["ann", "bob", "carla"], lines)
    assert write_records(book, tmp_path, Report) == Counts(graded=2, unmarked=1)
