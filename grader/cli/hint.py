"""`grader hint`: the hints of an exercise, one at a time; nothing is remembered."""

import click

from grader.cli.options import course_option, exercise_argument, said_course
from grader.errors import UsageError


@click.command("hint", short_help="Show a hint.")
@exercise_argument()
@click.argument("number", type=click.IntRange(min=1), default=1, metavar="[N]")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@course_option
@click.pass_context
def command(context: click.Context, exercise: str, number: int, everything: bool, course: str | None) -> None:
    """Show hint N of EXERCISE; the first if N is not given.

    \b
    grader hint say-after
    grader hint say-after 2
    grader hint say-after --all
    """
    from grader.cli.place import open_exercise

    asked = open_exercise(said_course(context, course), exercise)
    hints = asked.file.hints
    if number > len(hints):
        raise UsageError(f"{asked.slug} has {len(hints)} hints; there is no hint {number}")
    for at in range(1, len(hints) + 1) if everything else [number]:
        click.echo(f"Hint {at} of {len(hints)}: {hints[at - 1]}")
