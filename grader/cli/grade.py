"""`grader grade`: a class, graded on all cores; verdicts, a table of grades and a report are written."""

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.cluster_options import cluster_options, graders
from grader.cli.ending import FAULT, INTERRUPTED
from grader.cli.intake_options import WithLayouts, intake_options
from grader.cli.isolation_options import isolation_option, require_isolation_option
from grader.cli.options import course_option, exercise_option, gradebook_option, said_course, seed_option
from grader.errors import UsageError
from grader.records import GRADEBOOK, REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.batch.book import Counts
    from grader.batch.grading import Graded
    from grader.batch.kept import Asked
    from grader.batch.worker import Terms
    from grader.cluster.cluster import Cluster
    from grader.course.model import Course, Exercise
    from grader.feedback.grades import Grades
    from grader.gradebook.extensions import Extensions
    from grader.gradebook.opening import Gradebook
    from grader.gradebook.origin import Origin
    from grader.grading.workers import Pool
    from grader.intake.model import Intake

_LARGE = 1000  # learners, for whom writing takes some seconds


@click.command("grade", cls=WithLayouts, short_help="Grade a class: verdicts, grades and a report.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@exercise_option("Grade this one only; then a file per learner will do.")
@intake_options
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="How many at once; by default one a core.")
@seed_option("The same values for all; by default each learner has values of their own.")
@click.option("--regrade", is_flag=True, help="Grade all of it again; the verdicts before remain in the gradebook.")
@click.option("--anew", is_flag=True, help="What was handed in before, and has no time, is a new attempt.")
@click.option("--extensions", metavar="FILE", type=click.Path(path_type=Path), help="Learners who have more time.")
@gradebook_option(f"By default DIR/{GRADEBOOK}.")
@isolation_option("child")
@require_isolation_option
@cluster_options
@course_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    out: Path,
    exercise: str | None,
    layout: str | None,
    roster: Path | None,
    attempts: str | None,
    time_zone: str | None,
    jobs: int | None,
    seed: str | None,
    regrade: bool,
    anew: bool,
    extensions: Path | None,
    gradebook: str | None,
    isolation: str,
    require_isolation: str | None,
    cluster: str | None,
    tls_ca: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    course: str | None,
) -> int:
    """Grade a class: PATH is what a platform let you download (a folder or an archive), or has a folder per learner, with
    files named as the stubs are, at any depth; or it is one learner's folder, so that `class/*` will do as well. A notebook
    will do for a Python file, and an archive for a learner's folder. What cannot be placed is listed. The course is the one
    that an nbgrader_config.py in PATH names, else the nearest, unless --course says another.

    Each verdict is written into the gradebook as it comes, so whatever ends the command, the same command goes on from
    there: only what is new or changed is graded, and what the grader itself failed on. At the end it writes
    DIR/verdicts.jsonl, DIR/grades.csv and the report, of which DIR/report/index.html is the first page. Learners who are
    not yet right are not an error: the exit code is 0 unless nothing can be written (2), the grader itself failed on a
    file or its cluster was gone (3), or it was interrupted (130, with what was done written).

    \b
    grader grade class/ --out grades/
    grader grade class/ --out grades/ --exercise say-after --jobs 4
    grader grade submissions.zip --out grades/ --roster class.csv --attempts best
    """
    if cluster is None:
        from grader.run import levels

        levels.begin(isolation)  # it gets ready while the course and what was handed in are read

    from grader.batch import begun
    from grader.batch.book import apart, can_be_written
    from grader.batch.nothing import insist
    from grader.batch.told import lines_of
    from grader.batch.worker import Terms
    from grader.cli.intake_options import said_of
    from grader.cli.place import found_course
    from grader.grading.workers import seldom_collected, told_once
    from grader.intake.take import take_in
    from grader.intake.unpack import scratch
    from grader.notebooks.said import course_of
    from grader.run.levels import ISOLATED
    from grader.run.packages import located

    paths = apart(out, paths)
    loaded = found_course(said_course(context, course) or course_of(paths))
    more_time = extensions_of(loaded, extensions)
    only = _only(loaded, exercise)
    exercises = [only] if only else list(loaded.exercises)
    said = said_of(layout, roster, time_zone, loaded)
    located(tuple(loaded.file.packages))  # before anybody works for hours
    where = graders(
        cluster,
        (tls_ca, tls_cert, tls_key),
        loaded,
        exercises,
        isolation=isolation,
        required=require_isolation,
        jobs=jobs,
    )
    click.get_current_context().with_resource(told_once())  # what was done by then is written down, and told
    with where as (level, elsewhere), scratch() as place, seldom_collected():
        plays = out / begun.FOLDER
        terms = Terms(seed, level, "" if level in ISOLATED or elsewhere else str(plays))
        if regrade:
            begun.forget(plays)
        intake = take_in(paths, loaded.exercises, place, only, said)
        insist(intake, paths)
        if more_time:
            more_time = of_these(more_time, intake)
        _say(times_unknown(loaded, intake))
        can_be_written(out)
        with _workers(out, gradebook, jobs, len(intake.handed), terms, loaded, elsewhere) as pool:
            # imported late, and what is needed at the end as well: workers get ready meanwhile
            import grader.report.report  # noqa: F401
            from grader.batch import followed
            from grader.batch.kept import asked, grades_of, now
            from grader.gradebook.opening import opened, settled
            from grader.gradebook.origin import origin_of

            with opened(gradebook or str(out / GRADEBOOK)) as book:
                _say(followed.with_ids_of_others(book, intake))
                _say(followed.renamed(book, loaded))
                _say(followed.with_other_ids(book, intake))
                _say(followed.without_more_time(book, loaded, exercises, intake, more_time, now()))
                todo = asked(book, intake, exercises, terms, regrade=regrade, anew=anew)
                _say(followed.without_attempts(book, loaded, exercises, attempts, now()))
                _say(followed.set_for_others(book, intake, exercises))
                _say(followed.not_in_this_run(book, intake))
                _say(followed.not_in_the_course(book, loaded))
                _say(followed.returned(todo.returned))
                graded = _graded(book, todo, exercises, terms, jobs, elsewhere, pool)
                begun.tidy(plays)
                left = todo.left(graded.standings)
                waiting = sum(not before for before in left)
                grades = grades_of(book, loaded, exercises, intake, more_time, waiting, attempts)
                settled(book)
                origin = origin_of(book, out, [one.slug for one in exercises])
                counts, report = _written(grades, out, origin)
    faults = sum(standing == "error" for standing in graded.standings.values())
    for line in lines_of(grades.strays, [path.name for path in paths], "the report" if report else ""):
        click.echo(line, err=True)
    _tell(grades, counts, (todo.graded(graded.standings), todo.before), faults, report)
    if len(left) > waiting:
        again = _files(len(left) - waiting)
        click.echo(f"grader: interrupted; {again} were not graded again; their verdicts of before count", err=True)
    if graded.gone:
        click.echo(f"grader: {graded.gone}", err=True)
    if graded.interrupted:
        return INTERRUPTED
    return FAULT if faults or graded.gone else (0 if report else UsageError.exit_code)


def _say(lines: "Iterable[str]") -> None:
    from grader.feedback.characters import visible

    for line in lines:
        click.echo(visible(f"grader: {line}"), err=True)


def extensions_of(course: "Course", said: Path | None) -> "Extensions | None":
    """Those that were named, else those that the course names."""
    from grader.gradebook.extensions import read_extensions

    if said is None and course.file.extensions is not None:
        said = Path(course.path).parent / course.file.extensions
    return read_extensions(said, course) if said is not None else None


def of_these(more_time: "Extensions", intake: "Intake") -> "Extensions":
    """By ids, with a line for each that counts for nobody."""
    from grader.intake.roster import other_names

    names = other_names(intake)
    _say(map(str, more_time.strangers(intake.learners, names)))
    return more_time.by_id(intake.learners, names)


def times_unknown(course: "Course", intake: "Intake") -> "Iterator[str]":
    """What is to be known of files that count as in time because nobody knows when they came, where there is a due date."""
    due = {exercise.slug for exercise in course.exercises if exercise.policy.due}
    unknown = [handed for handed in intake.handed if handed.exercise in due and handed.submitted is None]
    late = sum(bool(handed.late) for handed in unknown)
    if len(unknown) > late:
        why = next(handed.submitted_by for handed in unknown if not handed.late)
        yield f"{_files(len(unknown) - late)} counted as in time: {why or 'nothing says when they came'}"
    if late:
        remedy = "shown as late, by how much is not known; see to that with 'grader gradebook set'"
        yield f"{_files(late)} late, as the platform says: {remedy}"


def _files(count: int) -> str:
    return f"{count} file{'s' if count != 1 else ''}"


def _count(number: int) -> str:
    return "counts" if number == 1 else "count"


def _written(grades: "Grades", out: Path, origin: "Origin") -> "tuple[Counts, Path | None]":
    """Where the report is, if all went where it was asked for; else what was graded is not lost, and it is said where it is."""
    from contextlib import suppress

    from grader.batch.atomic import write
    from grader.batch.book import UnwrittenError, write_records
    from grader.gradebook.origin import encoded
    from grader.records import ORIGIN
    from grader.report import FIRST
    from grader.report.report import Report

    if len(grades.learners) > _LARGE:
        click.echo(f"writing the records and the report of {len(grades.learners)} learners", err=True)
    try:
        counts = write_records(grades, out, Report)
        with suppress(OSError):  # no record: without it, what is told less is whether these are outdated
            write(out / ORIGIN, encoded(origin))
        return counts, out / REPORT / FIRST
    except UnwrittenError as error:
        click.echo(f"grader: {error}", err=True)
        return error.counts, None


def _only(course: "Course", name: str | None) -> "Exercise | None":
    from grader.course.load import find_exercise

    return find_exercise(course, name) if name is not None else None


@contextmanager
def _workers(
    out: Path,
    gradebook: str | None,
    jobs: int | None,
    files: int,
    terms: "Terms",
    course: "Course",
    elsewhere: "Cluster | None",
) -> "Iterator[Pool]":
    """A pool for the files, whose workers get ready already where none of the files can have its verdict yet."""
    from grader.batch.worker import prepare
    from grader.grading.workers import cores, early, processes

    if elsewhere is not None or not files or gradebook is not None or (out / GRADEBOOK).exists():
        yield processes
        return
    first = partial(prepare, terms.isolation, tuple(course.file.packages))
    with early(min(jobs or cores(), files), first) as pool:
        yield pool


def _graded(
    book: "Gradebook",
    todo: "Asked",
    exercises: "list[Exercise]",
    terms: "Terms",
    jobs: int | None,
    elsewhere: "Cluster | None",
    pool: "Pool",
) -> "Graded":
    from grader.batch.grading import grade_all
    from grader.batch.kept import keeping
    from grader.batch.progress import progress
    from grader.grading.workers import cores

    by_slug = {exercise.slug: exercise for exercise in exercises}
    keep = keeping(book, todo)
    with progress(len(todo.handed)) as steps:
        return grade_all(
            todo.handed,
            by_slug,
            terms,
            keep=keep,
            together=keep.together,
            done=steps.done,
            alone=steps.alone,
            workers=jobs or cores(),
            pool=pool,
            elsewhere=elsewhere,
        )


def _of_earlier_runs(number: int) -> str:
    return "1 verdict stands from earlier runs" if number == 1 else f"{number} verdicts stand from earlier runs"


def _stale(slug: str, number: int) -> str:
    """Of verdicts that are of an earlier version, and count: nothing of this run made newer ones."""
    whose = "1 learner's verdict is" if number == 1 else f"the verdicts of {number} learners are"
    why = "the files that count were not graded in this run; grade those, too"
    return f"{slug}: it or the grader has changed since, and {whose} of an earlier version: {why}"


def _tell(grades: "Grades", counts: "Counts", files: tuple[int, int], faults: int, report: Path | None) -> None:
    """`files`: those of this run that have a verdict now, of all attempts, and those that had it before."""
    graded, before = files
    here = counts.graded - counts.absent
    stand = "" if not counts.absent else f"; {_of_earlier_runs(counts.absent)}"
    known = f", {before} of them before" if before else ""
    where = f"; the report is {report}" if report else ""
    learners = "1 learner" if len(grades.learners) == 1 else f"{len(grades.learners)} learners"
    whose = "" if grades.waiting else f" of {learners}"  # of how many was not even looked at
    others = f"; {here} {_count(here)}, the others are further attempts" if graded > here else ""
    click.echo(f"{_files(max(graded, here))}{whose} graded{known}{others}{stand}{where}")
    for slug, number in counts.stale.items():
        click.echo(f"grader: {_stale(slug, number)}", err=True)
    if counts.unmarked:
        click.echo(f"grader: on {counts.unmarked} of them the grader itself failed; they are not marked", err=True)
    if faults > counts.unmarked:
        said = "the grader itself failed when it graded them again; their marks of before stand"
        click.echo(f"grader: on {faults - counts.unmarked} of them {said}", err=True)
    if grades.waiting:
        were = "was" if grades.waiting == 1 else "were"
        click.echo(f"grader: interrupted; {_files(grades.waiting)} {were} not graded", err=True)
