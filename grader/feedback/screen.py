"""What standard output can show: its columns, whether it takes colour, whether it has more than ASCII."""

import os
import shutil
import sys

from grader.feedback.timeline import BOX


def columns(said: int | None) -> int:
    return said or shutil.get_terminal_size((80, 24)).columns


def takes_colour(no_color: bool) -> bool:
    return not (no_color or os.environ.get("NO_COLOR")) and takes_control()


def takes_control() -> bool:
    """Whether it is a terminal that does what it is told."""
    return os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


def ascii_only() -> bool:
    """Asked of the real standard output, also where a test runner holds the present one."""
    needed = BOX.full + BOX.late + BOX.blocked + BOX.instant + BOX.open_end + BOX.edge + BOX.rule + BOX.arrow
    try:
        needed.encode((sys.__stdout__ or sys.stdout).encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
