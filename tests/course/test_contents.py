"""A file of the course is read once while it stays as it is, and never after it has changed."""

import os
from pathlib import Path

import pytest

from grader.course import contents as read
from grader.course.contents import contents


def test_a_file_at_rest_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "SETTLED", -(2**63))  # any file is
    path = tmp_path / "checks.py"  # no exercise, for whoever looks for one here
    path.write_bytes(b"one")
    first = contents(str(path))
    assert first == b"one"
    assert contents(str(path)) is first


def test_a_file_that_has_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "SETTLED", -(2**63))
    path = tmp_path / "checks.py"  # no exercise, for whoever looks for one here
    path.write_bytes(b"one")
    assert contents(str(path)) == b"one"
    path.write_bytes(b"two")
    os.utime(path, ns=(1, 1))  # another time, as far as this file system tells times apart
    assert contents(str(path)) == b"two"


def test_a_file_that_has_just_changed_is_read_each_time(tmp_path: Path) -> None:
    """Two changes in a moment may bear the same time."""
    path = tmp_path / "checks.py"  # no exercise, for whoever looks for one here
    for text in (b"one", b"two", b"six"):
        path.write_bytes(text)
        assert contents(str(path)) == text


def test_what_is_no_file_has_none(tmp_path: Path) -> None:
    assert contents(str(tmp_path)) is contents(str(tmp_path / "none")) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert contents(str(tmp_path / "pipe")) is None
