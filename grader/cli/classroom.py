"""`grader classroom`: the repository of a GitHub Classroom assignment, and what its workflow runs."""

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from grader.cli.files import put
from grader.cli.options import course_option, exercise_argument, exercise_arguments, said_course
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise
    from grader.exports.classroom import Payload


@click.group("classroom", short_help="An assignment for GitHub Classroom.")
def command() -> None:
    """Grade on GitHub Classroom: build a repository here, and make it the assignment's template there."""


@command.command("build", short_help="Make the template repository.")
@exercise_arguments
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--python", default="3.12", show_default=True, metavar="X.Y", help="The Python that grades there.")
@course_option
@click.pass_context
def build(context: click.Context, exercises: tuple[str, ...], out: Path, python: str, course: str | None) -> int:
    """Write the repository for EXERCISE..., or for the whole course, into DIR: stubs, and a workflow that grades them.

    Learners can read it, so no hidden case is in it. Add `.github/**/*` to the assignment's protected file paths.

    \b
    grader classroom build --out template/ say-after two-downloads
    """
    from grader.cli.place import open_chosen
    from grader.exports.classroom_kit import kit, left_over
    from grader.exports.wheels import own_wheel

    opened, chosen = open_chosen(said_course(context, course), exercises)
    files = kit(opened, chosen, own_wheel(), python)
    for name, content in files.items():
        put(out / name, content, "another folder with --out")
    names = ", ".join(exercise.slug for exercise in chosen)
    click.echo(f"{out}: grades {names}; protect .github/**/* in the assignment")
    if left := left_over(opened, files, out):
        click.echo(f"{out}: an earlier build left {', '.join(left)}, which stands there still; remove it", err=True)
    return 0


@command.command("run", short_help="Grade one exercise; the workflow calls it.")
@exercise_argument()
@click.option("--repository", required=True, type=click.Path(path_type=Path, file_okay=False), help="The learner's.")
@click.option("--learner", default="", metavar="NAME", help="Whose values to draw.")
@click.option("--to", required=True, metavar="FILE", type=click.Path(path_type=Path), help="Where the result goes.")
@course_option
@click.pass_context
def run(context: click.Context, exercise: str, repository: Path, learner: str, to: Path, course: str | None) -> int:
    """Grade EXERCISE in a learner's repository: the feedback is printed, and the result, base64 of JSON, goes to FILE."""
    from grader.batch.atomic import write
    from grader.cli.place import open_course
    from grader.course.load import find_exercise
    from grader.exports.classroom import encoded

    opened = open_course(said_course(context, course))
    asked = find_exercise(opened, exercise)
    write(to, encoded(_graded(opened, asked, repository, learner)).encode("ascii"))
    return 0


def _graded(course: "Course", exercise: "Exercise", repository: Path, learner: str) -> "Payload":
    from grader.exports.classroom import missing, payload, refused
    from grader.feedback.characters import visible
    from grader.feedback.text import render
    from grader.grading import grade
    from grader.intake.one import take_one
    from grader.intake.unpack import scratch
    from grader.run.submitted import read_work

    with scratch() as place:
        taken = take_one(repository, course, [exercise], place, alone=False)
        handed = taken.files.get(exercise.slug)
        if handed is None:
            why = taken.why_not(exercise)
            click.echo(visible(f"{exercise.slug}: {why or f'there is no {exercise.module}.py'}"))
            if why:
                return refused(exercise.slug, exercise.points, why)
            return missing(exercise.slug, exercise.points, f"{exercise.module}.py")
        try:
            source = read_work(handed.path, exercise, handed.earlier)
        except UsageError as error:
            said = str(error).replace(handed.path, handed.file)
            click.echo(visible(f"{exercise.slug}: {said}"))
            return refused(exercise.slug, exercise.points, said)
    name = PurePosixPath(handed.file).name
    verdict = grade(exercise, source, learner=learner or None, isolation="child", filename=name)
    click.echo(render(verdict, width=100, colour=False, ascii_only=False), nl=False)
    click.echo(visible(f"{exercise.slug}: {handed.file} was graded"))
    for stray in filter(lambda one: one.known, taken.strays):  # of all else in a repository nobody wants to hear
        click.echo(visible(f"{exercise.slug}: {stray.path}: {stray.reason}"))
    click.echo(f"played at isolation {verdict.isolation} (docs/isolation.md)")
    return payload(verdict)
