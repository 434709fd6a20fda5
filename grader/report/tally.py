"""What the class comes to, counted learner by learner: figures, and of each misconception one run that shows it."""

from collections import Counter
from collections.abc import Mapping

from grader.feedback.grades import Column, Grades, Learner, Line, on_scale
from grader.feedback.message import Message, compose
from grader.feedback.statistics import ExerciseStatistics, Shares, Tally
from grader.verdict import Verdict, shown_case

_AT_ONCE = 12  # names of learners that are given for a misconception


class OfExercise:
    """One exercise: `stops` are the ways in which programs came to no result, by count; `stale` counts verdicts that are of an
    earlier version. `called`: what learners are called whose ids say nothing of it.
    """

    def __init__(self, column: Column, called: Mapping[str, str]):
        self.column, self.called = column, called
        self.handed_in = self.late = self.errors = self.stale = 0
        self.stops: Counter[str] = Counter()
        self.says: dict[str, str] = {}
        self.learners: dict[str, list[str]] = {}
        self.examples: dict[str, Message] = {}
        self._tally = Tally()

    def add(self, line: Line) -> None:
        if line.verdict is None:
            return
        self.handed_in += 1
        self.late += bool(line.score and line.score.late)
        self.errors += not line.marked
        self.stale += line.stale
        self._tally.add(on_scale(line.verdict, line.scaled))
        if line.verdict.status != "error":
            self._observe(line.learner, line.verdict)

    def _observe(self, learner: str, verdict: Verdict) -> None:
        case = shown_case(verdict)
        if case is not None and case.outcome != "result":
            self.stops[case.outcome] += 1
        known = verdict.explanation
        if known is None:
            return
        self.says.setdefault(known.id, known.says)
        named = self.learners.setdefault(known.id, [])
        if len(named) < _AT_ONCE:
            named.append(learner)
        if known.id not in self.examples and case is not None and not case.hidden and case.timeline.bars:
            self.examples[known.id] = compose(verdict)

    def statistics(self) -> ExerciseStatistics | None:
        return self._tally.statistics()


class OfClass:
    """The whole class; `made` counts verdicts by isolation, grader and Python.

    `totals` are those that are known; `unknown` counts learners of whom something is not graded yet, or could not be marked.
    """

    def __init__(self, book: Grades):
        self.exercises = {column.slug: OfExercise(column, book.called) for column in book.columns}
        self.totals = Shares()
        self.graded = self.passed = self.missing = self.late = self.errors = self.by_hand = 0
        self.unknown = 0
        self.made: Counter[tuple[str, str, str]] = Counter()
        self._most = book.max_points

    def add(self, learner: Learner) -> None:
        if len(learner.lines) == len(self.exercises) and all(line.marked for line in learner.lines):
            self.totals.add(learner.total / self._most if self._most else 0.0)
        else:
            self.unknown += 1
        for line in learner.lines:
            self.exercises[line.exercise].add(line)
            self._count(line)

    def _count(self, line: Line) -> None:
        self.missing += line.is_missing
        self.errors += not line.marked
        self.late += bool(line.score and line.score.late)
        self.by_hand += bool(line.score and line.score.by_hand)
        if line.verdict is not None:
            self.graded += 1
            self.passed += line.standing == "passed"
            versions = line.verdict.versions
            self.made[(line.verdict.isolation, versions.grader, versions.python)] += 1
