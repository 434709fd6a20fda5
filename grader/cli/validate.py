"""`grader validate`: does the course hold what it promises?"""

from collections.abc import Sequence

import click

from grader.cli.options import course_option, exercise_option, said_course
from grader.errors import CourseError, Problem


@click.command("validate", short_help="Prove that a course holds what it promises.")
@click.argument("folder", required=False, metavar="[COURSE]", type=click.Path())
@click.option("--seeds", type=click.IntRange(min=1), default=30, show_default=True, metavar="N", help="How many draws.")
@click.option("--write", is_flag=True, help="Record anew what is possible in the visible cases.")
@exercise_option("This exercise only.")
@course_option
@click.pass_context
def command(
    context: click.Context, folder: str | None, seeds: int, write: bool, exercise: str | None, course: str | None
) -> int:
    """Prove a course: the stub earns nothing, right solutions all, each wrong one is caught with its own message.

    \b
    grader validate
    grader validate ~/my-course --seeds 100
    grader validate --exercise say-after --write
    """
    problems = _problems(folder or said_course(context, course), seeds, write, exercise)
    for problem in problems:
        click.echo(str(problem))
    if not problems:
        click.echo("valid")
    return 2 if problems else 0


def _problems(course: str | None, seeds: int, write: bool, only: str | None) -> Sequence[Problem]:
    """Those that keep the course from being read, else those that the proof finds."""
    from grader.authoring.validate import validate_course
    from grader.cli.place import open_course

    try:
        opened = open_course(course)
    except CourseError as error:
        return error.problems
    return validate_course(opened, seeds=seeds, write=write, only=only, progress=_progress)


def _progress(said: str) -> None:
    click.echo(said, err=True)
