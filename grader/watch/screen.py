"""Where a page is shown: on a terminal in the place of the last one; elsewhere below it, without a control character."""

import sys
from typing import Protocol

import click

from grader.feedback.characters import columns as width_of
from grader.feedback.characters import visible, wrapped
from grader.feedback.screen import columns, takes_control


class Screen(Protocol):
    def page(self, text: str) -> None: ...
    def note(self, text: str) -> None: ...
    def columns(self) -> int: ...


class StandardOutput:
    """`width`: columns that were asked for; if none were, those that there are, whenever something is shown."""

    def __init__(self, width: int | None):
        self._width = width
        self._first = True

    def columns(self) -> int:
        return columns(self._width)

    def page(self, text: str) -> None:
        """A text of whole lines, in the place of the last one."""
        if takes_control():
            click.clear()
        elif not self._first:
            click.echo()
        self._first = False
        click.echo(text, nl=False)
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """A sentence below what is shown."""
        click.echo(as_lines(text, self.columns()), nl=False)
        sys.stdout.flush()


def fitted(text: str, room: int) -> str:
    """Lines that are too long are broken at spaces, and go on below their beginning."""
    return "".join(f"{part}\n" for line in text.splitlines() for part in _parts(line, room))


def _parts(line: str, room: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    if width_of(line) <= room or len(indent) >= room // 2:
        return [line]
    return [f"{indent}{part}" for part in wrapped(line, room - len(indent))]


def as_lines(text: str, room: int) -> str:
    return "".join(f"{line}\n" for part in text.splitlines() for line in wrapped(visible(part), room) or [""])
