"""`grader list`: the exercises of a course, by unit and in order."""

from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, said_course

if TYPE_CHECKING:
    from grader.course.model import Course


@click.command("list", short_help="List the exercises.")
@course_option
@click.pass_context
def command(context: click.Context, course: str | None) -> None:
    """List the exercises.

    \b
    grader list
    grader list --course ~/asyncio-course
    """
    from grader.cli.place import found_course

    for line in _lines(found_course(said_course(context, course))):
        click.echo(line.rstrip())


def _lines(course: "Course") -> list[str]:
    room = max((len(exercise.slug) for exercise in course.exercises), default=0)
    lines = [course.title]
    for unit in course.file.units:
        lines += ["", unit.title] if unit.title else [""]
        for exercise in course.exercises:
            if exercise.unit in (unit.id, unit.title):
                points = f"{exercise.points:g} points"
                lines.append(f"  {exercise.number:>2}  {exercise.slug:<{room}}  {points:>9}  {exercise.title}")
    return lines
