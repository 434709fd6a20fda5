"""Which saves are told, and when."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.watch.files import COARSE, GONE, SETTLED, Files, Folder, Saved

NOTHING = Saved()
STEP = 0.05


class Looks:
    """Looks at one folder's Python files, at a clock of its own."""

    def __init__(self, folder: Path, deep: int = 0):
        self.now = 50.0
        self.files = Files(lambda: self.now)
        self.files.watch([str(folder / "one.py")], [Folder(str(folder), (".py",), deep)])

    def for_(self, seconds: float) -> list[Saved]:
        found = []
        for _ in range(round(seconds / STEP) + 1):
            self.now += STEP
            found.append(self.files.saved())
        return [saved for saved in found if saved != NOTHING]


@pytest.fixture
def one(tmp_path: Path) -> Path:
    file = tmp_path / "one.py"
    file.write_text("before")
    return file


def test_what_is_there_at_first_is_not_told(one: Path) -> None:
    assert Looks(one.parent).for_(5) == []


def test_a_save_is_told_once_when_it_has_come_to_rest(one: Path) -> None:
    looks = Looks(one.parent)
    one.write_text("after")
    assert looks.for_(SETTLED - STEP) == []
    assert looks.for_(STEP) == [Saved((str(one),))]
    assert looks.for_(5) == []


def test_a_file_that_is_written_bit_by_bit_is_told_when_it_is_whole(one: Path) -> None:
    looks = Looks(one.parent)
    for size in range(1, 5):
        one.write_text("x" * size)
        assert looks.for_(0) == []
    assert looks.for_(2 * SETTLED) == [Saved((str(one),))]


def test_a_save_without_a_change_is_told_apart(one: Path) -> None:
    looks = Looks(one.parent)
    os.utime(one, (7, 7))
    assert looks.for_(1) == [Saved((), (str(one),))]


def test_a_second_save_that_shows_in_no_time_and_no_size_is_seen(one: Path) -> None:
    looks = Looks(one.parent)
    for text in ("first!", "second"):
        with open(one, "r+") as file:
            file.write(text)
        os.utime(one, (7, 7))
        assert looks.for_(1) == [Saved((str(one),))]
    looks.for_(COARSE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.watch.files._content", pytest.fail)
        assert looks.for_(1) == []  # later the times tell, and nothing is read


def test_one_in_the_place_of_another_as_old_and_as_long_is_seen(one: Path) -> None:
    looks = Looks(one.parent)
    looks.for_(COARSE + 1)
    other = one.with_name("other.tmp")
    other.write_text("behind")
    os.utime(other, ns=(one.stat().st_mtime_ns, one.stat().st_mtime_ns))
    other.replace(one)
    assert looks.for_(1) == [Saved((str(one),))]


def test_a_file_that_is_away_for_a_moment_was_never_gone(one: Path) -> None:
    looks = Looks(one.parent)
    one.unlink()
    assert looks.for_(GONE / 2) == []
    one.write_text("after")
    assert looks.for_(1) == [Saved((str(one),))]


def test_a_file_that_is_gone_is_told_once_and_told_when_it_is_back(one: Path) -> None:
    looks = Looks(one.parent)
    one.unlink()
    assert looks.for_(3) == [Saved((str(one),))]
    one.write_text("before")
    assert looks.for_(3) == [Saved((str(one),))]


@pytest.mark.parametrize(
    ("name", "deep", "seen"),
    [
        ("new.py", 0, True),
        ("notes.txt", 0, False),
        (".one.py.swp", 0, False),
        ("one.py~", 0, False),
        ("4913", 0, False),
        (".#one.py", 0, False),
        ("utils/more.py", 0, False),
        ("utils/more.py", 1, True),
        ("a/b/more.py", 1, False),
        ("__pycache__/one.py", 3, False),
    ],
)
def test_of_a_folder_what_ends_as_asked_counts_and_what_editors_leave_does_not(
    name: str, deep: int, seen: bool, one: Path
) -> None:
    looks = Looks(one.parent, deep)
    file = one.parent / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text("new")
    assert looks.for_(1) == ([Saved((str(file),))] if seen else [])


def test_a_folder_that_is_gone_is_its_files_gone(one: Path) -> None:
    looks = Looks(one.parent)
    one.parent.rename(one.parent.with_name("elsewhere"))
    assert looks.for_(1) == [Saved((str(one),))]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name")
def test_a_pipe_is_not_waited_for(one: Path) -> None:
    looks = Looks(one.parent)
    os.mkfifo(one.with_name("pipe.py"))
    assert looks.for_(1) == []


def test_what_is_watched_anew_keeps_what_was_not_told_yet(one: Path) -> None:
    looks = Looks(one.parent)
    one.write_text("after")
    looks.files.watch([str(one)])
    assert looks.for_(1) == [Saved((str(one),))]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    calls, real = list[str](), os.stat

    def stat(path: str) -> os.stat_result:
        calls.append(path)
        return real(path)

    monkeypatch.setattr("grader.watch.files.os.stat", stat)
    return calls.__len__


def test_a_look_asks_for_each_file_once(one: Path, counted: Callable[[], int]) -> None:
    looks = Looks(one.parent)
    before = counted()
    looks.files.saved()
    assert counted() - before == 1
