"""`grader grade`: a class, graded on all cores; verdicts, a table of grades and a report are written."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.ending import INTERRUPTED
from grader.cli.intake_options import WithLayouts, intake_options
from grader.cli.isolation_options import isolation_option, level_for, require_isolation_option
from grader.cli.options import course_option, exercise_option, said_course, seed_option
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.batch.grading import Graded
    from grader.batch.worker import Terms
    from grader.course.model import Course, Exercise
    from grader.feedback.gradebook import Gradebook
    from grader.intake.model import Intake


@click.command("grade", cls=WithLayouts, short_help="Grade a class: verdicts, grades and a report.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@exercise_option("Grade this one only; then a file per learner will do.")
@intake_options
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="How many at once; by default one a core.")
@seed_option("The same values for all; by default each learner has values of their own.")
@isolation_option("child")
@require_isolation_option
@course_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    out: Path,
    exercise: str | None,
    layout: str | None,
    roster: Path | None,
    attempts: str,
    time_zone: str | None,
    jobs: int | None,
    seed: str | None,
    isolation: str,
    require_isolation: str | None,
    course: str | None,
) -> int:
    """Grade a class: PATH is what a platform let you download (a folder or an archive), or has a folder per learner, with
    files named as the stubs are, at any depth; or it is one learner's folder, so that `class/*` will do as well. A notebook
    will do for a Python file, and an archive for a learner's folder. What cannot be placed is listed.

    Writes DIR/verdicts.jsonl, DIR/grades.csv and DIR/report.html. Learners who are not yet right are not an
    error: the exit code is 0 unless nothing can be written in DIR (2), the grader itself failed on a file (3), or it
    was interrupted (130, with what was done written).

    \b
    grader grade class/ --out grades/
    grader grade class/ --out grades/ --exercise say-after --jobs 4
    grader grade submissions.zip --out grades/ --roster class.csv --attempts best
    """
    from grader.batch.book import book_of, can_be_written
    from grader.batch.counting import counted, to_grade
    from grader.batch.nothing import insist
    from grader.batch.worker import Terms
    from grader.cli.intake_options import asked
    from grader.cli.place import found_course
    from grader.intake.attempts import POLICIES
    from grader.intake.take import take_in
    from grader.intake.unpack import scratch
    from grader.report.page import page
    from grader.run.packages import located

    opened = found_course(said_course(context, course))
    only = _only(opened, exercise)
    exercises = [only] if only else list(opened.exercises)
    policy, said = POLICIES[attempts], asked(layout, roster, time_zone)
    located(tuple(opened.file.packages))  # before anybody works for hours
    level = level_for(isolation, require_isolation)
    with scratch() as place:
        intake = to_grade(take_in(paths, opened.exercises, place, only, said), policy)
        insist(intake, paths)
        can_be_written(out)
        graded = _graded(intake, exercises, Terms(seed, level), jobs)
    waiting = len(intake.handed) - len(graded.lines)
    known = counted(intake, graded, policy)
    book = book_of(opened.title, exercises, known.intake, known.graded, waiting)
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
