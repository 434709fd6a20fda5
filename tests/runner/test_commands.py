"""Plain commands of another shell, done by Python: what each prints and leaves, and what is not done."""

from pathlib import Path

import pytest

from grader.runner.cells.commands import done

NOT_DONE = (
    "",
    "make",
    "ls",
    "ls *",
    "ls *.i*",
    "ls *.nothing",
    "ls under",
    "ls -l a.txt",
    "cat missing.txt",
    "cat a.txt | wc",
    "cat a.txt > b.txt",
    "echo $HOME",
    "echo -n a",
    "echo 'a",
    "echo `date`",
    "cat '*.txt'",
    "mkdir",
    "mkdir under",
    "cp a.txt",
    "cp under over",
    "rm under",
    "rm missing.txt",
    "rm -rf under",
    "mv missing.txt b.txt",
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "under").mkdir()
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", NOT_DONE)
def test_what_is_not_plain_or_would_fail_is_not_done(command: str, tmp_path: Path) -> None:
    assert done(command) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "under"]


def test_each_prints_its_lines_and_leaves_its_files(tmp_path: Path) -> None:
    for command, lines in {
        "cat a.txt": ["one", "two"],
        "echo one  'two  three'": ["one two  three"],
        "mkdir -p under/there under": [],
        "touch b.txt": [],
        "cp a.txt under": [],
        "ls *.txt": ["a.txt", "b.txt"],
        "ls b.txt a.txt": ["a.txt", "b.txt"],
        "mv b.txt under/there": [],
        "rm -f a.txt": [],
        "cat under/a.txt under/there/b.txt": ["one", "two"],
    }.items():
        assert done(command) == lines, command
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.txt")) == [
        "under/a.txt",
        "under/there/b.txt",
    ]


def test_an_order_that_hangs_on_the_language_is_nobodys_to_say(tmp_path: Path) -> None:
    (tmp_path / "B.txt").touch()
    assert done("ls *.txt") is None
