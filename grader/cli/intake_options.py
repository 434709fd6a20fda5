"""Options of what is handed in: layout, roster, attempts, time zone; and the list of layouts in the help."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import Course
    from grader.intake.take import Asked

F = TypeVar("F", bound=Callable[..., Any])


_LAID_OUT = (
    click.option(
        "--layout",
        metavar="NAME",
        shell_complete=lambda context, parameter, begun: _complete(begun),
        help="How PATH is laid out, see below; by default it is found.",
    ),
    click.option(
        "--roster",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="The class as CSV (id, name, email, login, ...): platforms' names are joined to its ids.",
    ),
    click.option(
        "--time-zone", metavar="ZONE", help="Of times that a download gives without one, such as Europe/Berlin."
    ),
)
_COUNTS = (
    click.option(
        "--attempts",
        type=click.Choice(["last", "first", "best"]),
        help="Which of several attempts counts; by default the course's policy says.",
    ),
)


def intake_options(command: F) -> F:
    """All of them, for who grades."""
    return _with(_LAID_OUT[:2] + _COUNTS + _LAID_OUT[2:], command)


def laid_out_options(command: F) -> F:
    """But for the attempts, of which others than those that count may be meant."""
    return _with(_LAID_OUT, command)


def _with(options: Sequence[Callable[[Any], Any]], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command


class WithLayouts(click.Command):
    """A command whose help ends with the layouts; they are loaded when somebody reads it."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from grader.intake.layouts import LAYOUTS

        with formatter.section("Layouts"):
            formatter.write_dl([(layout.name, layout.says) for layout in LAYOUTS.values()])
        super().format_epilog(ctx, formatter)


def said_of(layout: str | None, roster: Path | None, time_zone: str | None, course: "Course") -> "Asked":
    """Raises UsageError for a roster or a time zone that cannot be used."""
    from grader.intake.places import places_of
    from grader.intake.roster import read_roster
    from grader.intake.take import Asked

    zone = None
    if time_zone is not None:
        from zoneinfo import ZoneInfo

        try:
            zone = ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError):
            said = "say one such as Europe/Berlin (on Windows: pip install tzdata)"
            raise UsageError(f"there is no time zone {time_zone!r}; {said}") from None
    return Asked(layout, read_roster(roster) if roster else None, zone, places_of(course))


def _complete(begun: str) -> list[str]:
    from grader.intake.layouts import LAYOUTS

    return [name for name in LAYOUTS if name.startswith(begun)]
