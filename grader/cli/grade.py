"""`grader grade`: a class, graded on all cores; verdicts, a table of grades and a report are written."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.ending import INTERRUPTED
from grader.cli.options import course_option, exercise_option, isolation_option, said_course, seed_option
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.batch.grading import Graded
    from grader.batch.intake import Intake
    from grader.batch.worker import Terms
    from grader.course.model import Course, Exercise
    from grader.feedback.gradebook import Gradebook


@click.command("grade", short_help="Grade a class: verdicts, grades and a report.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@exercise_option("Grade this one only; then a file per learner will do.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="How many at once; by default one a core.")
@seed_option("The same values for all; by default each learner has values of their own.")
@isolation_option("child")
@click.option(
    "--require-isolation",
    type=click.Choice(["A", "B"]),
    help="Grade nothing unless this level, or a better one, can be had (docs/isolation.md).",
)
@course_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    out: Path,
    exercise: str | None,
    jobs: int | None,
    seed: str | None,
    isolation: str,
    require_isolation: str | None,
    course: str | None,
) -> int:
    """Grade a class: PATH has a folder per learner, with files named as the stubs are, at any depth; or it is one
    learner's folder, so that `class/*` will do as well.

    Writes DIR/verdicts.jsonl, DIR/grades.csv and DIR/report.html. Learners who are not yet right are not an
    error: the exit code is 0 unless nothing can be written in DIR (2), the grader itself failed on a file (3), or it
    was interrupted (130, with what was done written).

    \b
    grader grade class/ --out grades/
    grader grade class/ --out grades/ --exercise say-after --jobs 4
    """
    from grader.batch.book import book_of, can_be_written
    from grader.batch.intake import insist, take_in
    from grader.batch.worker import Terms
    from grader.cli.place import found_course
    from grader.report.page import page
    from grader.run.packages import located

    opened = found_course(said_course(context, course))
    only = _only(opened, exercise)
    exercises = [only] if only else list(opened.exercises)
    located(tuple(opened.file.packages))  # before anybody works for hours
    level = _level(isolation, require_isolation)
    intake = take_in(paths, opened.exercises, only)
    insist(intake, paths)
    can_be_written(out)
    graded = _graded(intake, exercises, Terms(seed, level), jobs)
    book = book_of(opened.title, exercises, intake, graded)
    written = _written(book, out, page(book))
    _tell(book, out / "report.html" if written else None)
    if graded.interrupted:
        return INTERRUPTED
    return _code(book) or (0 if written else UsageError.exit_code)


def _written(book: "Gradebook", out: Path, report: str) -> bool:
    """Whether all went where it was asked for; where it did not, what was graded is not lost, and it is said where it is."""
    from grader.batch.book import UnwrittenError, write_records

    try:
        write_records(book, out, report)
    except UnwrittenError as error:
        click.echo(f"grader: {error}", err=True)
        return False
    return True


def _level(asked: str, required: str | None) -> str:
    """Where programs will run. Raises UsageError where that is less safe than is required; warns where it is not safe."""
    from grader.run import resolved
    from grader.run.levels import why_not

    level = resolved(asked)
    if required and (level not in ("A", "B") or level > required):
        reason = why_not(required) if asked == "child" else "leave out --isolation"
        raise UsageError(f"isolation {required} is required, and it would be {level}: {reason}")
    if asked == "child" and level == "none":
        for better in ("A", "B"):
            click.echo(f"grader: isolation {better} cannot be had here: {why_not(better)}", err=True)
    if level not in ("A", "B"):
        click.echo(f"grader: isolation {level}: grade so only programs that you trust (docs/isolation.md)", err=True)
    return level


def _only(course: "Course", name: str | None) -> "Exercise | None":
    from grader.course.load import find_exercise

    return find_exercise(course, name) if name is not None else None


def _graded(intake: "Intake", exercises: "list[Exercise]", terms: "Terms", jobs: int | None) -> "Graded":
    from grader.batch.grading import grade_all
    from grader.batch.progress import progress
    from grader.grading.workers import cores

    by_slug = {exercise.slug: exercise for exercise in exercises}
    with progress(len(intake.handed)) as step:
        return grade_all(intake.handed, by_slug, terms, done=step, workers=jobs or cores())


def _tell(book: "Gradebook", report: Path | None) -> None:
    from grader.feedback.characters import visible

    for stray in book.strays:
        click.echo(visible(f"not graded: {stray.path}: {stray.reason}"), err=True)
    graded = [line for line in book.lines if line.verdict is not None]
    faults = sum(line.standing == "error" for line in graded)
    where = f"; the report is {report}" if report else ""
    click.echo(f"{len(graded)} files of {len(book.learners)} learners graded{where}")
    if faults:
        click.echo(f"grader: on {faults} of them the grader itself failed; they are not marked", err=True)
    if book.waiting:
        click.echo(f"grader: interrupted; {book.waiting} files were not graded", err=True)


def _code(book: "Gradebook") -> int:
    return 3 if any(line.standing == "error" for line in book.lines) else 0
