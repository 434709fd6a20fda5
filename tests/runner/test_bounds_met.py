"""Which bounds a cell has met is asked of the disk while it shows, and heard of a signal."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.runner.cells import bounds_met
from grader.runner.cells.bounds_met import BoundsMet

FULL, NO_MORE, TOO_LARGE = "the disk is full", "the disk holds no more files", "no file can be larger"
Disk = Any


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """What is left of it."""
    disk = SimpleNamespace(f_bavail=9, f_favail=9)
    monkeypatch.setattr(bounds_met, "_statvfs", lambda folder: disk)
    return disk


@pytest.fixture
def met(disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was told, of a cell that is played in `tmp_path`."""
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGXFSZ)
    yield []
    signal.signal(signal.SIGXFSZ, before)


def _begun(met: list[str], *, looks: bool = False) -> BoundsMet:
    bounds = BoundsMet(met.append)
    bounds.begin(".", lambda frame: looks)
    return bounds


MADE = os.O_CREAT | os.O_WRONLY
CALLS = {
    "a file that is written": (("open", ("a", "w", MADE)), [FULL, NO_MORE]),
    "a file that is there": (("open", ("there", "w", MADE)), [FULL]),
    "a file that is read": (("open", ("a", "r", os.O_RDONLY)), []),
    "a folder": (("os.mkdir", ("a", 0o700, -1)), [FULL, NO_MORE]),
    "a file that is removed": (("os.remove", ("there", -1)), [FULL]),
    "a file that is made shorter": (("os.truncate", ("there", 0)), [FULL]),
    "a descriptor": (("open", (7, "w", MADE)), [FULL]),
    "another event": (("os.listdir", (".",)), []),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_disk_is_asked_before_it_is_given_something_or_back(name: str, disk: Disk, met: list[str]) -> None:
    call, told = CALLS[name]
    Path("there").touch()
    bounds = _begun(met)
    bounds.before(*call)
    assert met == []
    disk.f_bavail = disk.f_favail = 0
    bounds.before(*call)
    assert met == told


def test_who_fills_it_is_known_when_the_cell_is_over(disk: Disk, met: list[str]) -> None:
    bounds = _begun(met)
    for left, told in ((9, 0), (0, 1), (0, 1), (1, 1), (0, 2)):
        disk.f_bavail = disk.f_favail = left
        bounds.over()
        assert met == [FULL] * told


def test_a_disk_that_counts_neither_or_cannot_be_asked_has_no_bound(
    disk: Disk, met: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.f_bavail = disk.f_favail = 0
    for asks in (bounds_met._statvfs, None):
        monkeypatch.setattr(bounds_met, "_statvfs", asks)
        bounds = _begun(met)
        bounds.before(*CALLS["a folder"][0])
        bounds.over()
    assert met == []


@pytest.mark.parametrize(("looks", "told"), [(False, [TOO_LARGE]), (True, [])])
def test_a_file_that_is_too_large_is_heard_of_unless_nobody_asked_for_it(
    looks: bool, told: list[str], met: list[str]
) -> None:
    _begun(met, looks=looks)
    signal.raise_signal(signal.SIGXFSZ)
    assert met == told
