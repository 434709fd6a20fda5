"""`grader gradebook`: what a learner has, how that came about, and scores set by hand."""

import functools
import getpass
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.options import course_option, exercise_argument, gradebook_option, said_course
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise
    from grader.feedback.grades import Column, Grades, Line
    from grader.gradebook.history import History
    from grader.gradebook.opening import Gradebook


_NEGATIVE = re.compile(r"-(\d|\.\d|inf).*")


@click.group("gradebook", short_help="What a learner has, and scores set by hand.")
def command() -> None:
    """What the gradebook holds of a learner, and scores set by hand, which stand above every verdict. A learner is named by
    the id, or by a name or an address that no other has.

    \b
    grader gradebook show Ada --gradebook grades/
    grader gradebook history Ada say-after --gradebook grades/
    grader gradebook set Ada say-after 8 --comment "shown in the lab" --gradebook grades/
    grader gradebook unset Ada say-after --gradebook grades/
    """


@dataclass(frozen=True, slots=True)
class _Opened:
    book: "Gradebook"
    course: "Course"


def _in_gradebook(command: Callable[..., None]) -> Callable[..., Any]:
    """With `--gradebook` and `--course`; `command` gets what they open, and the rest of what was said."""

    @gradebook_option("A folder that 'grader grade' wrote in will do.")
    @course_option
    @click.pass_context
    @functools.wraps(command)
    def opening(context: click.Context, /, *, gradebook: str | None, course: str | None, **said: Any) -> None:
        with _open(context, gradebook, course) as opened:
            command(opened, **said)

    return opening


def _as_graded(command: Callable[..., Any]) -> Callable[..., Any]:
    """With what bears on which points count, as `grader grade` has it."""
    more_time = click.option(
        "--extensions", metavar="FILE", type=click.Path(path_type=Path), help="Learners who have more time."
    )
    which = click.option(
        "--attempts",
        type=click.Choice(["last", "first", "best"]),
        help="Which of several attempts counts; by default the course's policy says.",
    )
    return more_time(which(command))


def _of_learner_and_exercise(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("learner")(exercise_argument()(command))


def _by_hand(command: Callable[..., None]) -> Callable[..., Any]:
    """A change that somebody is responsible for."""
    by = click.option("--by", metavar="NAME", help="Who sets it; by default the name you are logged in with.")
    return by(_in_gradebook(command))


@command.command("show", short_help="Points of a learner, with what became of them.")
@click.argument("learner")
@_as_graded
@_in_gradebook
def show(opened: _Opened, learner: str, extensions: Path | None, attempts: str | None) -> None:
    """Points of LEARNER in each exercise: those that count, those that were earned, and why they differ."""
    learner = _learner(opened, learner)
    grades = _grades(opened, learner, opened.course.exercises, extensions, attempts)
    found = grades.of(learner)
    gone = _gone(opened, learner, left=True)
    width = max(len(slug) for slug in (*(column.slug for column in grades.columns), *gone))
    _say(_with_name(opened, learner))
    for column in grades.columns:
        _say(f"  {column.slug:{width}}  {_points(column, found.line(column.slug))}")
    _say(f"  {'total':{width}}  {_number(found.total)} of {_number(grades.max_points)}")
    for slug in gone:
        _say(f"  {slug:{width}}  {_NOT_HERE}; 'grader gradebook history' has all of it")


class _WithNumbers(click.Command):
    """A command in which `-1` is a number that is too small, and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.ignore_unknown_options = any(_NEGATIVE.fullmatch(word) for word in args)
        return super().parse_args(ctx, args)


@command.command("set", cls=_WithNumbers, short_help="Set a score by hand.")
@_of_learner_and_exercise
@click.argument("points", type=float)
@click.option("--comment", default="", metavar="TEXT", help="Why; it is shown with the score, and asked for.")
@_by_hand
def set_(opened: _Opened, learner: str, exercise: str, points: float, comment: str, by: str | None) -> None:
    """Give LEARNER so many POINTS for EXERCISE, whatever the verdicts say, also those to come. `unset` takes it back."""
    learner = _learner(opened, learner)
    slug = _set(opened, learner, exercise, points, comment, by)
    _say(f"{_with_name(opened, learner)}, {slug}: {_number(points)} points, set by hand")
    _hint(_NOT_YET)


@command.command("unset", short_help="Take a score that was set by hand back.")
@_of_learner_and_exercise
@click.option("--comment", default="", metavar="TEXT", help="Why; it stands in the history.")
@_by_hand
def unset(opened: _Opened, learner: str, exercise: str, comment: str, by: str | None) -> None:
    """Take back the score that was set by hand: the verdict counts again. What was set stays in the history."""
    from grader.gradebook.by_hand import scores_by_hand
    from grader.gradebook.opening import reading

    learner = _learner(opened, learner)
    slug = _exercise(opened, exercise).slug
    with reading(opened.book) as connection:
        if (learner, slug) not in scores_by_hand(connection, [slug]):
            raise UsageError(f"{learner}, {slug}: no score is set by hand")
    _set(opened, learner, exercise, None, comment, by)
    _say(f"{learner}, {slug}: the verdict counts again")
    _hint(_NOT_YET)


@command.command("history", short_help="All that was handed in, graded and set.")
@_of_learner_and_exercise
@_as_graded
@_in_gradebook
def history(opened: _Opened, learner: str, exercise: str, extensions: Path | None, attempts: str | None) -> None:
    """All that LEARNER handed in for EXERCISE, every verdict on it, and every score set by hand, in their order; and last, what
    counts.
    """
    from grader.gradebook import history as told
    from grader.gradebook.opening import reading

    learner = _learner(opened, learner)
    gone = exercise in _gone(opened, learner)
    slug = exercise if gone else _exercise(opened, exercise).slug
    with reading(opened.book) as connection:
        found = told.history(connection, learner, slug)
    _say(f"{_with_name(opened, learner)}, {slug}")
    for moment, line in sorted(_events(found), key=lambda event: event[0]):
        _say(f"  {moment:%Y-%m-%d %H:%M:%S} UTC  {line}")
    if not found.handed_in:
        left = _untaken(opened).get(learner)
        _say(f"  nothing here could be graded: {left}" if left else "  nothing was handed in")
    if gone:
        _say(f"  counts: {_NOT_HERE}")
    elif found.handed_in or found.by_hand:
        grades = _grades(opened, learner, [_exercise(opened, slug)], extensions, attempts)
        _say(f"  counts: {_points(grades.columns[0], grades.of(learner).line(slug))}")


# ---------------------------------------------------------------- what they share


@contextmanager
def _open(context: click.Context, place: str | None, course: str | None) -> Iterator[_Opened]:
    from grader.batch.followed import renamed
    from grader.cli.place import found_course
    from grader.gradebook.opening import found

    if place is None:
        raise UsageError("which gradebook? name it with --gradebook, such as --gradebook grades/")
    with found(place) as book:
        opened = _Opened(book, found_course(said_course(context, course)))
        for said in renamed(book, opened.course):
            _hint(said)
        yield opened


_NOT_YET = "records, report and exports have it when 'grader grade' has been run again"
_NOT_HERE = "nothing: it is no exercise of this course"


def _gone(opened: _Opened, learner: str, left: bool = False) -> list[str]:
    """Exercises of the gradebook for which the learner has something, and which the course does not have; with `left`, only
    where that has not followed to another slug.
    """
    from grader.gradebook.following import gone_exercises
    from grader.gradebook.opening import reading

    with reading(opened.book) as connection:
        known = {one.slug for one in opened.course.exercises}
        return [one.slug for one in gone_exercises(connection, known, learner, left)]


def _learner(opened: _Opened, said: str) -> str:
    """The id that was said, or of the one learner who has that name or that address."""
    from grader.course.nearest import nearest
    from grader.gradebook.called import called_so, told
    from grader.gradebook.following import present_ids
    from grader.gradebook.opening import reading

    with reading(opened.book) as connection:
        known, present = told(connection), present_ids(connection)
    found = (
        [said] if said in known and said not in present else [id for id in called_so(said, known) if id not in present]
    )
    if said in present:  # an id of before, which is a name as well where folders were named after people
        found = sorted({*found, present[said]}) if found else [said]
    if len(found) > 1:
        raise UsageError(f"{opened.book.place}: several learners are called {said!r}: {', '.join(found)}; write the id")
    if not found:
        near = nearest(said, {word for id, one in known.items() for word in (id, one.name, one.email) if word})
        hint = f"; did you mean {near!r}?" if near else f"; it has {len(known)} learners"
        raise UsageError(f"{opened.book.place}: there is no learner {said!r}{hint}")
    if moved := present.get(found[0]):
        _hint(f"{found[0]} is an id of before: all that was handed in under it counts for {moved} now")
    return found[0]


def _with_name(opened: _Opened, learner: str) -> str:
    from grader.gradebook.called import told
    from grader.gradebook.opening import reading

    with reading(opened.book) as connection:
        name = told(connection)[learner].name
    return f"{learner} ({name})" if name and name != learner else learner


def _grades(
    opened: _Opened, learner: str, exercises: "Sequence[Exercise]", extensions: Path | None, attempts: str | None
) -> "Grades":
    from grader.batch.followed import those_of
    from grader.batch.kept import grades_of
    from grader.cli.grade import extensions_of, of_these
    from grader.intake.model import Intake

    more_time = extensions_of(opened.course, extensions)
    if more_time is not None:
        more_time = of_these(more_time, those_of(opened.book))
    else:
        _tell_of_more_time(opened, learner, exercises)
    if attempts is None:
        _tell_of_attempts(opened, exercises)
    run = Intake((learner,), (), (), left=_untaken(opened))
    return grades_of(opened.book, opened.course, exercises, run, more_time, counts=attempts)


def _untaken(opened: _Opened) -> dict[str, str]:
    from grader.gradebook.opening import reading
    from grader.gradebook.untaken import untaken

    with reading(opened.book) as connection:
        return untaken(connection)


def _tell_of_more_time(opened: _Opened, learner: str, exercises: "Sequence[Exercise]") -> None:
    from grader.gradebook.following import present_ids
    from grader.gradebook.more_time import had_before
    from grader.gradebook.opening import reading

    here = {"", *(one.slug for one in exercises), *(one.unit for one in exercises)}
    with reading(opened.book) as connection:
        before = had_before(connection, [learner], present_ids(connection), opened.course.renamed)
    had = [said for (_, what), said in before.items() if what in here]
    if had:
        _hint(f"{learner} had more time when the class was graded ({', '.join(had)}); here only with --extensions")


def _tell_of_attempts(opened: _Opened, exercises: "Sequence[Exercise]") -> None:
    from grader.gradebook.choices import left_out
    from grader.gradebook.opening import reading

    with reading(opened.book) as connection:
        before = left_out(connection, exercises, opened.course.renamed)
    for said, slugs in before.items():
        _hint(f"the class was graded with --attempts {said} ({', '.join(slugs)}); here only with that option")


def _exercise(opened: _Opened, name: str) -> "Exercise":
    from grader.course.load import find_exercise

    return find_exercise(opened.course, name)


def _set(opened: _Opened, learner: str, exercise: str, points: float | None, comment: str, by: str | None) -> str:
    from grader.batch.kept import now
    from grader.gradebook.by_hand import ByHand, insist_on_points, set_score

    meant = _exercise(opened, exercise)
    if points is not None:
        insist_on_points(meant.slug, points, meant.points)
        if not comment.strip():
            raise UsageError("there is no comment; say why with --comment")
    score = ByHand(points, comment.strip(), by or _login(), now())
    set_score(opened.book, learner, meant.slug, score, most=meant.points)
    return meant.slug


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        raise UsageError("nobody knows who you are here; say it with --by NAME") from None


def _say(line: str) -> None:
    from grader.feedback.characters import visible

    click.echo(visible(line))


def _hint(line: str) -> None:
    from grader.feedback.characters import visible

    click.echo(visible(f"grader: {line}"), err=True)


def _number(value: float) -> str:
    return f"{round(value, 4):g}"


def _points(column: "Column", line: "Line | None") -> str:
    if line is None:
        return "not graded yet"
    if line.is_missing and line.score is not None:
        return line.score.said
    if line.score is not None:
        earned = f" ({_number(line.raw)} earned)" if line.verdict is not None and line.raw != line.points else ""
        return f"{_number(line.points)} of {_number(column.points)}{earned}: {line.score.said}"
    missing = "not handed in, excused" if column.excused else "not handed in"
    said = {"missing": missing, "error": "not marked: the grader itself failed"}
    return said.get(line.standing, f"{_number(line.points)} of {_number(column.points)}")


def _events(found: "History") -> Iterator[tuple[Any, str]]:
    for one in found.handed_in:
        content = f"sha256 {one.sha256[:12]}" if one.sha256 else "not readable"
        late = "; late, as its platform says" if one.late and not one.submitted else ""
        when = "" if one.submitted else "; when is not known, the grader met it then"
        yield one.submitted or one.seen, f"attempt {one.attempt}: {one.file} handed in ({content}{when}{late})"
    for verdict in found.graded:
        points = f"{_number(verdict.points)} of {_number(verdict.max_points)} points"
        again = f", graded again ({verdict.round + 1})" if verdict.round else ""
        counts = "" if verdict.counts else ", replaced since"
        made_with = f"course {verdict.course}, grader {verdict.grader}, {verdict.isolation}"
        what = "the grader itself failed" if verdict.status == "error" else f"{verdict.status}, {points}"
        yield verdict.made, f"attempt {verdict.attempt}: {what}{again}{counts} ({made_with})"
    for score in found.by_hand:
        comment = f": {score.comment}" if score.comment else ""
        of = f" of {_number(score.max_points)}" if score.max_points is not None else ""
        what = f"set to {_number(score.points)}{of} points" if score.points is not None else "taken back"
        yield score.set_at, f"by hand: {what} by {score.set_by}{comment}"
