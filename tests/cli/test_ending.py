"""How a command ends that is interrupted: with 130 and a word, at whatever moment that comes."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from grader.__main__ import main

# A dataclass, for one, is made of a text that is executed; what is loaded when Ctrl-C comes may be one.
IN_A_TEXT = """
import click
from grader.cli.ending import Ending

@click.group(cls=Ending)
def group(): ...

@group.command()
def load(): exec("raise KeyboardInterrupt")

@group.command()
def work():
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        return 130  # with what was done written down

group()
"""


@pytest.mark.parametrize(("command", "said"), [("load", "\ngrader: interrupted\n"), ("work", "")])
def test_an_interrupt_in_a_text_that_is_executed_does_not_end_the_process_by_a_signal(command: str, said: str) -> None:
    ran = subprocess.run([sys.executable, "-c", IN_A_TEXT, command], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (130, said)


@pytest.fixture
def heard() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


class Interrupted(ModuleType):
    """A module that is interrupted while it is loaded."""

    def __getattr__(self, name: str) -> Any:
        raise KeyboardInterrupt


class Ended(ModuleType):
    """One whose command has full marks."""

    def main(self) -> None:
        sys.exit(0)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("commands", "code", "said"), [(Interrupted, 130, "grader: interrupted\n"), (Ended, 0, "")], ids=["while", "after"]
)
def test_ctrl_c_before_the_command_is_there_is_told_and_after_its_end_it_changes_nothing(
    commands: type[ModuleType],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "grader.cli", commands("grader.cli"))
    with pytest.raises(SystemExit) as ended:
        main()
    signal.raise_signal(signal.SIGINT)
    assert (ended.value.code, capsys.readouterr().err) == (code, said)
