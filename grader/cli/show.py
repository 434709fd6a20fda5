"""`grader show`: what an exercise asks for, and which file to write."""

import os
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, exercise_argument, said_course

if TYPE_CHECKING:
    from grader.course.model import Exercise


@click.command("show", short_help="Show what an exercise asks for.")
@exercise_argument()
@course_option
@click.pass_context
def command(context: click.Context, exercise: str, course: str | None) -> None:
    """Show what EXERCISE asks for.

    \b
    grader show say-after
    grader show 05
    """
    from grader.cli.place import open_exercise

    for line in lines(open_exercise(said_course(context, course), exercise)):
        click.echo(line)


def lines(exercise: "Exercise") -> list[str]:
    """The exercise, what it asks for, and how to go on."""
    from grader.cli.place import stub_of

    prompt = exercise.file.prompt.rstrip().splitlines()
    return [
        f"{exercise.number}  {exercise.title}  ({exercise.slug}, {exercise.points:g} points)",
        # Without a course, whose titles are its own, the goal is the title.
        *([exercise.file.goal] if exercise.file.goal != exercise.title else []),
        "",
        *prompt,
        "",
        f"Write it in:  {os.path.relpath(stub_of(exercise))}",
        f"Check it:     grader check {exercise.slug}",
        f"Hints:        {len(exercise.file.hints)} (grader hint {exercise.slug})",
        *(f"Read:         {link}" for link in exercise.file.docs),
    ]
