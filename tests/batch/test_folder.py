"""A folder of pages: only what changed is written, and only what is ours is taken away."""

import os
from pathlib import Path

import pytest

from grader.batch.folder import Folder

SIGN = b"<!-- ours -->"


def put(path: Path, *files: tuple[str, bytes]) -> None:
    folder = Folder(path, SIGN)
    folder.put(files)
    folder.sweep()


def names(path: Path) -> list[str]:
    return sorted(str(file.relative_to(path)) for file in path.rglob("*") if file.is_file())


def test_files_stand_where_their_paths_say(tmp_path: Path) -> None:
    put(tmp_path / "report", ("index.html", SIGN), ("a/b.html", SIGN + b"b"))
    assert names(tmp_path / "report") == ["a/b.html", "index.html"]
    assert (tmp_path / "report" / "a" / "b.html").read_bytes() == SIGN + b"b"


def test_a_page_that_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    put(tmp_path, ("same.html", SIGN + b"1"), ("other.html", SIGN + b"1"))
    before = {path: os.stat(path).st_ino for path in tmp_path.iterdir()}
    put(tmp_path, ("same.html", SIGN + b"1"), ("other.html", SIGN + b"2"))
    after = {path: os.stat(path).st_ino for path in tmp_path.iterdir()}
    assert [path.name for path in before if before[path] != after[path]] == ["other.html"]
    assert (tmp_path / "other.html").read_bytes() == SIGN + b"2"


def test_a_page_of_before_that_is_made_no_more_goes(tmp_path: Path) -> None:
    put(tmp_path, ("learners/ann.html", SIGN), ("learners/bob.html", SIGN))
    put(tmp_path, ("learners/ann.html", SIGN))
    assert names(tmp_path) == ["learners/ann.html"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("notes.html", b"<p>my own"), ("learners/late.html", b"x" * 2000 + SIGN), ("mine.txt", SIGN)],
)
def test_what_somebody_else_put_there_stays(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "learners").mkdir()
    (tmp_path / name).write_bytes(content)
    put(tmp_path, ("index.html", SIGN))
    assert names(tmp_path) == sorted(["index.html", name])


def test_until_all_is_put_nothing_is_taken_away(tmp_path: Path) -> None:
    put(tmp_path, ("ann.html", SIGN), ("bob.html", SIGN))
    Folder(tmp_path, SIGN).put([("ann.html", SIGN)])
    assert names(tmp_path) == ["ann.html", "bob.html"]
