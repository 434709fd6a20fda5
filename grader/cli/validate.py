"""`grader validate`: does the course hold what it promises?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, exercise_option, said_course
from grader.errors import CourseError, Problem, UsageError

if TYPE_CHECKING:
    from grader.course.model import Course

NOT_PROVED = NOT_READY = 1


@click.command("validate", short_help="Prove that a course holds what it promises.")
@click.argument("folder", required=False, metavar="[COURSE]", type=click.Path())
@click.option("--seeds", type=click.IntRange(min=1), default=30, show_default=True, metavar="N", help="How many draws.")
@click.option("--write", is_flag=True, help="Record anew what is possible in the visible cases.")
@click.option("--allow-todo", is_flag=True, help="Places of a draft that are left to fill in do not make it unready.")
@exercise_option("This exercise only.")
@course_option
@click.pass_context
def command(
    context: click.Context,
    folder: str | None,
    seeds: int,
    write: bool,
    allow_todo: bool,
    exercise: str | None,
    course: str | None,
) -> int:
    """Prove a course: the stub earns nothing, right solutions all, each wrong one is caught with its own message.

    Where exercises/ was handed out alone there is nothing to prove with: that is said, and the exit code is 1. So it is where
    places of a draft (grader adopt) are marked TODO still: each is named. Warnings leave it as it is.

    \b
    grader validate
    grader validate ~/my-course --seeds 100
    grader validate --exercise say-after --write
    """
    from grader.authoring.todos import todos, told

    if folder is not None and course is None and exercise is None and not Path(folder).exists():
        raise UsageError(
            f"{folder}: there is no such folder; of an exercise it is 'grader validate --exercise {folder}'"
        )
    try:
        opened, problems = _problems(folder or said_course(context, course), seeds, write, exercise)
    except CourseError as error:
        return _told(error.problems)
    _warn(opened, exercise)
    left = todos(opened, exercise)
    if problems:
        code = _told(problems)
        if left:
            click.echo("\n".join(told(left)))
        return code
    if not _has_solutions(opened):
        click.echo("not proved: no solutions/; only what learners get was looked at")
        return NOT_PROVED
    if left and not allow_todo:
        click.echo("\n".join(told(left)))
        click.echo("not ready: fill these in, or say --allow-todo")
        return NOT_READY
    click.echo("valid" + (f"; {[*told(left)][-1]}" if left else ""))
    return 0


def _warn(course: "Course", only: str | None) -> None:
    """What is no mistake, and seldom meant."""
    from grader.authoring.own_chain import unnoticed

    for problem in unnoticed([one for one in course.exercises if only in (None, one.slug)]):
        click.echo(f"warning: {problem}")


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
