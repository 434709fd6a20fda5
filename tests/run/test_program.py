"""A learner's file as bytes: what is no file is refused, and never waited for."""

import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.door.text import LARGEST
from grader.errors import UsageError
from grader.run.program import read_program


def refusal(path: Path) -> str:
    with pytest.raises(UsageError) as error:
        read_program(path)
    return str(error.value).removeprefix(f"{path}: ")


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x" * LARGEST)
    (tmp_path / "link.py").symlink_to("a.py")
    assert read_program(tmp_path / "a.py") == read_program(tmp_path / "link.py") == b"x" * LARGEST


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "is a pipe; name a Python file"),
        (os.mkdir, "is a folder; name a Python file"),
        (_socket, "is a socket; name a Python file"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device; name a Python file"),
        (lambda path: path.symlink_to("nowhere"), "the file cannot be read (No such file or directory)"),
    ],
    ids=["pipe", "folder", "socket", "device", "link"],
)
def test_what_is_no_file_is_refused(make: Callable[[Path], object], reason: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # a socket's path is bounded, and pytest's own may be longer
        make(Path(folder, "a.py"))
        assert refusal(Path(folder, "a.py")) == reason


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with open(tmp_path / "a.py", "wb") as file:
        file.truncate(1 << 30)
    assert refusal(tmp_path / "a.py") == "is larger than 1 MiB; name a Python file"


def test_a_file_that_may_not_be_read_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("")

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    assert refusal(tmp_path / "a.py") == "the file cannot be read (Permission denied)"


def test_a_path_that_cannot_be_is_refused() -> None:
    assert refusal(Path("a\0b")) == "the file cannot be read (no file can have this name)"


def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_text("")
    before = os.stat(tmp_path / "a.py")
    (tmp_path / "a.py").unlink()
    os.mkfifo(tmp_path / "a.py")
    monkeypatch.setattr(os, "stat", lambda path: before)
    assert refusal(tmp_path / "a.py") == "is a pipe; name a Python file"
