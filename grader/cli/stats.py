"""`grader stats`: a graded class in numbers, for the terminal."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import no_color_option, width_option

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from grader.exports.sheet import Sheet
    from grader.feedback.statistics import CheckStatistics, Distribution, ExerciseStatistics

_BAR = 24
_LABEL = 24  # what stands around a bar
_ROOM = 70  # columns in which the table of checks has room for long heads
_SHORT = {"points": "pts", "difficulty": "diff.", "discrimination": "discr."}


@click.command("stats", short_help="A graded class in numbers.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--exercise", "exercises", multiple=True, metavar="E", help="These exercises only.")
@width_option
@no_color_option
def command(out: Path, exercises: tuple[str, ...], width: int | None, no_color: bool) -> None:
    """Show what `grader grade --out OUT` graded: scores, and for each check how many met it, its difficulty (the share of its
    points that was lost) and its discrimination (whether those who met it did better at all else: below 0.2 it says little,
    below 0 look at the check). Then the misconceptions, and who is late or was not marked.

    \b
    grader stats grades/
    grader stats grades/ --exercise say-after
    """
    from rich.console import Console

    from grader.exports.sheet import narrowed, outdated, read_sheet
    from grader.feedback.screen import columns, takes_colour
    from grader.feedback.statistics import of_exercise

    sheet = narrowed(read_sheet(out), exercises)
    if said := outdated(out, os.environ.get("GRADER_GRADEBOOK")):
        click.echo(f"grader: {said}", err=True)
    console = Console(
        width=columns(width),
        color_system="auto" if takes_colour(no_color) else None,
        highlight=False,
        emoji=False,
        markup=False,
    )
    _totals(console, sheet)
    for column in sheet.columns:
        found = of_exercise(
            row.verdict for row in sheet.rows if row.exercise == column.slug and row.verdict is not None
        )
        if found is not None:
            _exercise(console, found)
    _lists(console, sheet)


def _totals(console: "Console", sheet: "Sheet") -> None:
    from grader.feedback.statistics import distribution, left_out

    most = sum(column.points for column in sheet.columns)
    unknown = {who for who, _ in (*sheet.waiting, *_failed(sheet))}
    shares = [
        sheet.totals[name] / most if name in sheet.totals and most else own
        for name, own in sheet.shares().items()
        if name not in unknown
    ]
    console.print(
        f"{_counted(len({*sheet.learners, *unknown}), 'learner')}, {_counted(len(sheet.columns), 'exercise')}",
        style="bold",
    )
    if shares:
        _distribution(console, distribution(shares))
    if unknown:
        console.print(f"  {left_out(len(unknown))}")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _failed(sheet: "Sheet") -> list[tuple[str, str]]:
    return [(row.learner, row.exercise) for row in sheet.rows if row.standing == "error" and row.adjusted is None]


def _distribution(console: "Console", found: "Distribution") -> None:
    console.print(f"  mean {found.mean:.0f} %, median {found.median:.0f} %")
    highest, room = max(found.bins) or 1, max(1, min(_BAR, console.width - _LABEL))
    for at, count in enumerate(found.bins):
        bar = "#" * round(room * count / highest)
        label = f"{10 * at:3d} to {10 * at + 10} %"
        console.print(f"  {label:>13}  {bar:<{room}} {count}" if count else f"  {label:>13}", style=None)


def _exercise(console: "Console", found: "ExerciseStatistics") -> None:
    from grader.feedback.characters import visible

    marked = found.distribution.count
    console.print()
    console.print(
        f"{visible(found.exercise)}: {_counted(marked, 'file')}, {found.passed} with full marks, "
        f"mean {found.distribution.mean:.0f} %, difficulty {found.difficulty:.2f}",
        style="bold",
    )
    console.print(_checks(found.checks, short=console.width < _ROOM))
    if found.misconceptions:
        console.print("  Misconceptions, by programs:")
    for name, count in found.misconceptions:
        console.print(f"  {count:4d}  {visible(name)}")


def _checks(checks: "tuple[CheckStatistics, ...]", *, short: bool) -> "Table":
    from rich.box import SIMPLE
    from rich.table import Table

    from grader.feedback.characters import visible

    table = Table(box=SIMPLE, pad_edge=not short, padding=(0, 1, 0, 0) if short else (0, 1))
    table.add_column("check", overflow="fold")
    for name in ("met", "of", "points", "difficulty", "discrimination"):
        table.add_column(_SHORT.get(name, name) if short else name, justify="right", no_wrap=True)
    for one in checks:
        told = "-" if one.discrimination is None else f"{one.discrimination:.2f}"
        name = visible(f"{one.entry}: {one.id}")
        table.add_row(name, str(one.met), str(one.count), f"{one.points:g}", f"{one.difficulty:.2f}", told)
    return table


def _lists(console: "Console", sheet: "Sheet") -> None:
    from grader.feedback.characters import visible

    late = [(row.learner, row.exercise) for row in sheet.rows if row.late]
    for title, places in (
        ("Late:", late),
        ("Not marked, because the grader itself failed:", _failed(sheet)),
        ("Not graded yet:", sheet.waiting),
    ):
        if places:
            console.print()
            console.print(title, style="bold")
            works: dict[str, list[str]] = {}
            for who, what in places:
                works.setdefault(who, []).append(what)
            for learner, exercises in works.items():
                console.print(f"  {visible(learner)}: {', '.join(exercises)}")
