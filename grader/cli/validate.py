"""`grader validate`: does the course hold what it promises?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, exercise_option, said_course
from grader.errors import CourseError, Problem

if TYPE_CHECKING:
    from grader.course.model import Course

NOT_PROVED = 1


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

    Where exercises/ was handed out alone there is nothing to prove with: that is said, and the exit code is 1.

    \b
    grader validate
    grader validate ~/my-course --seeds 100
    grader validate --exercise say-after --write
    """
    said = folder or said_course(context, course)
    try:
        opened = _opened(said)
    except CourseError as error:
        return _told(error.problems)
    problems = _problems(opened, seeds, write, exercise)
    if problems:
        return _told(problems)
    if not _has_solutions(opened):
        click.echo("not proved: no solutions/; only what learners get was looked at")
        return NOT_PROVED
    click.echo("valid")
    return 0


def _opened(said: str | None) -> "Course":
    from grader.cli.place import found_course

    return found_course(said)


def _told(problems: Sequence[Problem]) -> int:
    for problem in problems:
        click.echo(str(problem))
    return CourseError.exit_code


def _problems(course: "Course", seeds: int, write: bool, only: str | None) -> Sequence[Problem]:
    from grader.authoring.validate import validate_course

    return validate_course(course, seeds=seeds, write=write, only=only, progress=_progress)


def _has_solutions(course: "Course") -> bool:
    from grader.authoring.programs import solutions_beside

    return any(solutions_beside(exercise).is_dir() for exercise in course.exercises)


def _progress(said: str) -> None:
    click.echo(said, err=True)
