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
    try:
        opened, problems = _problems(folder or said_course(context, course), seeds, write, exercise)
    except CourseError as error:
        return _told(error.problems)
    if problems:
        return _told(problems)
    if not _has_solutions(opened):
        click.echo("not proved: no solutions/; only what learners get was looked at")
        return NOT_PROVED
    click.echo("valid")
    return 0


def _told(problems: Sequence[Problem]) -> int:
    for problem in problems:
        click.echo(str(problem))
    return CourseError.exit_code


def _problems(course: str | None, seeds: int, write: bool, only: str | None) -> "tuple[Course, Sequence[Problem]]":
    """The course, as far as it can be read, with what its text shows, else with what the proof finds."""
    from grader.cli.place import found_course, home, without_a_course
    from grader.course.load import read_course

    opened, problems = (found_course(course), []) if without_a_course(course) else read_course(home(course))
    if problems:
        from grader.authoring.validate import read_only

        _progress("no program was played: mend the course first")
        return opened, read_only(opened, problems, only)
    from grader.authoring.validate import validate_course

    return opened, validate_course(opened, seeds=seeds, write=write, only=only, progress=_progress)


def _has_solutions(course: "Course") -> bool:
    from grader.authoring.programs import solutions_beside

    return any(solutions_beside(exercise).is_dir() for exercise in course.exercises)


def _progress(said: str) -> None:
    click.echo(said, err=True)
