"""Folders of ours: gone when they are let go, swept after an owner that was killed, and nobody else's is touched."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.run import folders
from tests.proof.the_course import ROOT

MAKING = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from grader.run import folders
print(folders.made(), flush=True)
sys.stdin.read()
"""
here = pytest.mark.skipif(not Path("/proc/self/ns/pid").exists(), reason="needs /proc to tell who lives")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folders.sweep.cache_clear()
    return tmp_path


def owner(place: Path) -> tuple["subprocess.Popen[str]", Path]:
    """A process that holds one, with a file in it."""
    process = subprocess.Popen(
        [sys.executable, "-c", MAKING, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    made = Path(process.stdout.readline().strip())
    (made / "file").write_text("a submission")
    return process, made


def ended(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_one_that_is_let_go_is_gone_with_all_that_is_in_it(place: Path) -> None:
    made = Path(folders.made())
    assert list(made.iterdir()) == []
    (made / "file").write_text("")
    folders.gone(str(made))
    assert list(place.iterdir()) == []


@here
def test_what_a_killed_grader_left_is_swept_by_the_next_and_what_a_living_one_has_is_not(place: Path) -> None:
    dead, left = owner(place)
    living, kept = owner(place)
    ended(dead)
    assert left.exists()
    ours = Path(folders.made())
    assert (left.parent.exists(), (kept / "file").exists(), ours.exists()) == (False, True, True)
    ended(living)


@here
def test_a_number_that_is_another_processs_by_now_does_not_keep_it(place: Path) -> None:
    made = Path(folders.made())
    said = (made.parent / "owner").read_text().split()
    (made.parent / "owner").write_text(" ".join([said[0], "1", *said[2:]]))
    folders.sweep.cache_clear()
    folders.sweep(str(place))
    assert not made.exists()


@here
@pytest.mark.parametrize("at", [2, 3], ids=["another boot or machine", "another namespace"])
def test_what_was_made_where_we_see_no_processes_stays(place: Path, at: int) -> None:
    dead, left = owner(place)
    ended(dead)
    said = (left.parent / "owner").read_text().split()
    (left.parent / "owner").write_text(" ".join([*said[:at], "other", *said[at + 1 :]]))
    folders.sweep(str(place))
    assert left.exists()


@here
@pytest.mark.parametrize("content", [None, "", "12 x", "no number", "1"])
def test_what_does_not_say_whose_it_is_stays(place: Path, content: str | None) -> None:
    folder = place / "grader-of-somebody"
    folder.mkdir()
    if content is not None:
        (folder / "owner").write_text(content)
    folders.sweep(str(place))
    assert folder.exists()


@here
def test_neither_a_link_nor_another_users_folder_is_touched(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, left = owner(place)
    ended(dead)
    target = place / "elsewhere"
    left.parent.rename(target)
    link = place / "grader-link"
    link.symlink_to(target)
    folders.sweep(str(place))
    assert (target / "owner").exists()
    target.rename(place / "grader-other")
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    folders.sweep.cache_clear()
    folders.sweep(str(place))
    assert (place / "grader-other").exists()
    monkeypatch.undo()
    folders.sweep.cache_clear()
    folders.sweep(str(place))
    assert not (place / "grader-other").exists()  # the same folder, and it is ours
