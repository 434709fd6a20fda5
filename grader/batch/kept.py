"""Between a class and its gradebook: what is still to be graded, each verdict written as it comes, and the grades read back."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

from grader import __version__
from grader.batch.worker import Terms, handed_in
from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.feedback.grades import Column, Grades, Line, Scaled, Score, Stray, read_later
from grader.gradebook.attempts import FEW, Attempt, Mark, attempts, verdicts_of
from grader.gradebook.by_hand import ByHand, scores_by_hand
from grader.gradebook.called import told
from grader.gradebook.counting import Counted, as_said, counted, earned, rescaled
from grader.gradebook.extensions import Extensions
from grader.gradebook.handed_in import returned
from grader.gradebook.lateness import number, rules_of
from grader.gradebook.opening import Gradebook, reading
from grader.gradebook.untaken import keep_untaken
from grader.gradebook.verdicts import Giving, give, give_all, wanted
from grader.gradebook.work import Given, Key, Wanted, Work
from grader.grading.seeds import seed_of
from grader.grading.stamp import digest
from grader.intake.model import Handed, Intake
from grader.names import alike
from grader.run.submitted import identity
from grader.verdict import Verdict, encode

Now = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be graded, and what for; `before` counts the files that have their verdict already.

    `returned`: what was handed in before the last attempt, and is here without a time.
    """

    wanted: Mapping[Handed, Wanted]
    before: int
    returned: tuple[Work, ...] = ()

    @property
    def handed(self) -> tuple[Handed, ...]:
        return tuple(self.wanted)

    def graded(self, done: Container[Handed]) -> int:
        """How many files have their verdict when these are `done`, of all attempts."""
        return self.before + sum(len(wanted.works) for handed, wanted in self.wanted.items() if handed in done)

    def left(self, done: Container[Handed]) -> tuple[bool, ...]:
        """For each file that was not `done`, whether it has a verdict of before."""
        return tuple(wanted.round >= 0 for handed, wanted in self.wanted.items() if handed not in done)


def asked(
    book: Gradebook,
    intake: Intake,
    exercises: Sequence[Exercise],
    terms: Terms,
    *,
    regrade: bool = False,
    anew: bool = False,
    now: Now = now,
) -> Asked:
    """Writes down who handed in what. Files that share a verdict are graded once: the first of them.

    `anew`: what was handed in before the last attempt, and is here without a time, is a new attempt.
    """
    by_slug = {exercise.slug: exercise for exercise in exercises}
    course = {slug: digest(exercise) for slug, exercise in by_slug.items()}
    files: dict[Work, Handed] = {}
    works: dict[Work, Key] = {}
    for item in intake.handed:
        known = _identity(item, by_slug[item.exercise])
        work = Work(item.learner, item.exercise, item.file, known, item.submitted, item.late)
        seed = terms.seed if terms.seed is not None else seed_of(by_slug[item.exercise], item.learner)
        files[work] = item
        works[work] = Key(item.exercise, work.sha256, seed, course[item.exercise], __version__)
    left = wanted(book, intake.learners, works, isolation=terms.isolation, regrade=regrade, now=now(), anew=anew)
    keep_untaken(book, intake.learners, intake.left)
    with reading(book) as connection:
        came_back = tuple(returned(connection, list(works)))
    ordered = sorted(left, key=lambda one: (one.works[0].learner, one.works[0].exercise))
    waiting = sum(len(one.works) for one in left)
    return Asked({files[one.works[0]]: one for one in ordered}, len(files) - waiting, came_back)


def _identity(handed: Handed, exercise: Exercise) -> str:
    """Empty where the file cannot be read: the grading of it will say why."""
    try:
        return identity(handed_in(handed, exercise), exercise)
    except (OSError, UsageError):
        return ""


class Keeping:
    """Called with each line, and whether it is final: it is in the gradebook then, or when `together` is over."""

    def __init__(self, book: Gradebook, asked: Asked, now: Now):
        self._book, self._asked, self._now = book, asked, now
        self._waiting: list[Giving] | None = None

    def __call__(self, handed: Handed, line: Line, final: bool) -> None:
        if line.verdict is None:
            return
        given = Given(line.verdict, encode(line.verdict), final, self._now())
        giving = self._asked.wanted[handed], given, line.sha256
        if self._waiting is None:
            give(self._book, *giving)
        else:
            self._waiting.append(giving)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is kept inside is written in one go at its end, however that comes: a transaction costs as much as a verdict."""
        waiting = list[Giving]()
        self._waiting = waiting
        try:
            yield
        finally:
            self._waiting = None
            give_all(self._book, waiting)


def keeping(book: Gradebook, asked: Asked, now: Now = now) -> Keeping:
    """What is to be called with each line."""
    return Keeping(book, asked, now)


# ---------------------------------------------------------------- the grades, read back


def grades_of(
    book: Gradebook,
    course: Course,
    exercises: Sequence[Exercise],
    intake: Intake,
    extensions: Extensions | None = None,
    waiting: int = 0,
    counts: str | None = None,
) -> Grades:
    """The grades of the learners and exercises of this run. Where nothing counts yet there is no line.

    They are read from the gradebook when they are asked for, so it must be open then. `counts` (first, last or best) says
    which of several attempts does, instead of the course's policy.
    """

    def which(learner: str, exercise: Exercise, handed: Sequence[Attempt]) -> Counted | None:
        extension = extensions.of(learner, exercise) if extensions else None
        return counted(handed, as_said(rules_of(exercise.policy, extension), counts), exercise.points)

    return read_later(
        course.title,
        columns_of(course, exercises),
        intake.learners,
        lambda names: _lines(book, exercises, which, names, intake),
        [Stray(stray.path, stray.reason) for stray in intake.strays],
        waiting,
        _names(book),
    )


def _names(book: Gradebook) -> dict[str, str]:
    """What those are called whose id is not the name already, as Moodle's `Ada Lovelace_4711` is."""
    with reading(book) as connection:
        known = told(connection)
    return {id: one.name for id, one in known.items() if one.name and alike(one.name) not in alike(id)}


_VERDICTS = 60  # that are read at once: each may be some ten thousand characters
_Which = Callable[[str, Exercise, Sequence[Attempt]], Counted | None]


def _lines(
    book: Gradebook, exercises: Sequence[Exercise], which: _Which, names: Sequence[str], intake: Intake
) -> Iterator[tuple[Line, ...]]:
    """Of each of `names`, in that order."""
    slugs, left = [exercise.slug for exercise in exercises], intake.left
    here = {(one.learner, one.exercise) for one in intake.handed}
    versions = {exercise.slug: digest(exercise) for exercise in exercises}
    with reading(book) as connection:
        by_hand = scores_by_hand(connection, slugs)
    few = max(1, _VERDICTS // max(1, len(slugs)))
    for at in range(0, len(names), FEW):
        some = names[at : at + FEW]
        with reading(book) as connection:
            handed = attempts(connection, slugs, some)
        chosen = {
            name: {one.slug: which(name, one, handed.get((name, one.slug), ())) for one in exercises} for name in some
        }
        for first in range(0, len(some), few):
            group = some[first : first + few]
            marks = [one.attempt.mark for name in group for one in chosen[name].values() if one is not None]
            with reading(book) as connection:
                verdicts = verdicts_of(connection, [mark.id for mark in marks if mark is not None])
            for name in group:
                found = (
                    _line(name, one, chosen[name][one.slug], verdicts, by_hand.get((name, one.slug)), left.get(name))
                    for one in exercises
                )
                yield tuple(_as_of_now(line, versions, here) for line in found if line is not None)


def _as_of_now(line: Line, versions: Mapping[str, str], here: Container[tuple[str, str]]) -> Line:
    """Whether the verdict is of the exercise and the grader as they are, and its work among what was handed in `here`."""
    if line.verdict is None:
        return line
    made = line.verdict.versions
    stale = (made.course, made.grader) != (versions[line.exercise], __version__)
    absent = (line.learner, line.exercise) not in here
    return replace(line, stale=stale, absent=absent) if stale or absent else line


def _line(
    learner: str,
    exercise: Exercise,
    counted: Counted | None,
    verdicts: Mapping[int, Verdict],
    by_hand: ByHand | None,
    left: str | None,
) -> Line | None:
    """`left`: what the learner handed in and nothing could be made of; it may have been meant for this exercise."""
    slug, most = exercise.slug, exercise.points
    if counted is None:
        untaken = Score(0, f"nothing here could be graded: {left}") if left else None
        return Line(learner, slug, score=_score(None, by_hand, most) or untaken)
    mark = counted.attempt.mark
    if mark is None and by_hand is None:
        return None
    verdict = verdicts[mark.id] if isinstance(mark, Mark) else None
    if verdict is not None and (verdict.exercise, verdict.title) != (slug, exercise.title):
        # It was called otherwise when that was graded, and there is one name for it in the records.
        verdict = msgspec.structs.replace(verdict, exercise=slug, title=exercise.title)
    attempt, score = counted.attempt, _score(counted, by_hand, most)
    scaled = Scaled(earned(mark, most), most) if mark is not None and mark.max_points != most else None
    return Line(learner, slug, attempt.file, attempt.sha256 or None, verdict, score, scaled)


def _score(counted: Counted | None, by_hand: ByHand | None, most: float) -> Score | None:
    """None where the verdict says all. `most`: the points that the exercise has now."""
    if by_hand is not None and by_hand.points is not None:
        points, scale = _by_hand(by_hand.points, by_hand.max_points, most)
        said = f"set by {by_hand.set_by} on {by_hand.set_at:%Y-%m-%d}: {by_hand.comment}{scale}"
        late = counted is not None and counted.adjusted is not None and counted.adjusted.late
        return Score(points, said, by_hand=True, late=late)
    if counted is None or counted.adjusted is None or not counted.said:
        return None
    return Score(counted.adjusted.points, counted.said, late=counted.adjusted.late)


def _by_hand(points: float, of: float | None, most: float) -> tuple[float, str]:
    """What a score set by hand is now, and why where the exercise had other points then; never more than all there are."""
    if of == most:
        return points, ""
    if of is None:
        now = min(points, most)
        return now, f"; out of how many it was set is not known: taken as {number(now)} of {number(most)}"
    now = rescaled(points, of, most) if of else 0.0
    return now, f"; {number(points)} of {number(of)} then, as {number(now)} of {number(most)}"


def columns_of(course: Course, exercises: Iterable[Exercise]) -> list[Column]:
    """Where units have weights, points count so much that the total is out of as many as before."""
    exercises = list(exercises)
    weights = {unit.id: unit.weight for unit in course.file.units if unit.weight is not None}
    sums: dict[str, float] = {}
    for exercise in exercises:
        sums[exercise.unit] = sums.get(exercise.unit, 0) + exercise.points
    whole = sum(weights.get(unit, 0) for unit, points in sums.items() if points)
    return [
        Column(
            exercise.slug,
            exercise.title,
            exercise.points,
            excused=exercise.policy.missing == "excused",
            weight=sum(sums.values()) * weights[exercise.unit] / (whole * sums[exercise.unit])
            if whole and exercise.unit in weights and sums[exercise.unit]
            else 1.0,
        )
        for exercise in exercises
    ]
