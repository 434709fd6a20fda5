"""The real program at the end of a pipe: what it writes, and what it does when nobody reads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def program(*args: str, **env: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "grader", *args],
        cwd=ROOT,
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_text_is_ascii_where_the_terminal_is(tmp_path: Path) -> None:
    file = tmp_path / "try.py"
    file.write_text("async def greet_twice(say_after, name):\n    print('caf\xe9')\n    return []\n", encoding="utf-8")
    out, err = program("check", "first-await", str(file), PYTHONIOENCODING="ascii", NO_COLOR="1").communicate()
    lines = out.decode("ascii").splitlines()
    assert "    caf\\xe9" in lines
    assert any(line.startswith("    say_after(hello ann)") and "|====" in line for line in lines)
    assert err == b""


COMMANDS = [
    ("--help",),
    ("--version",),
    ("list",),
    ("show", "5"),
    ("show", "--help"),
    ("hint", "5", "--all"),
    ("schema",),
    ("check", "5"),
    ("check", "5", "--json"),
    ("grade", "examples/class/Ada L. Byron"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_closed_pipe_is_silent_and_no_failure(command: tuple[str, ...], tmp_path: Path) -> None:
    out = ("--out", str(tmp_path)) if command[0] == "grade" else ()
    process = program(*command, *out)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 0
    assert [line for line in said.splitlines() if not line.startswith("graded ")] == []


def test_nobody_who_hears_of_an_error_is_no_failure_either() -> None:
    process = program("show", "nonesuch")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stderr.close()
    process.stdout.close()
    assert process.wait() == 0
