"""What a class's verdicts say about its exercises, each figure with the source of its definition.

Verdicts are counted one by one and let go: only sums are kept, in whole numbers, so that no rounding adds up and no order
shows. Verdicts in which the grader itself failed are left out everywhere: they say nothing of anybody.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.verdict import CheckResult, Verdict

BINS = 10
_UNIT = 10**9  # of a point, or of a share: what is equal must not differ by a last digit


@dataclass(frozen=True, slots=True)
class Distribution:
    """Scores in percent of what was to be had; `bins` counts them in tenths, full marks in the last."""

    count: int
    mean: float
    median: float
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CheckStatistics:
    """One check over a class. `met` of `count` learners have it; a check without points is met where it held in every case.

    `difficulty` is the mean share of its points that was lost (without points: of the learners who have not met it), 0 to 1.
    `discrimination` is None where it says nothing: everybody met the check, or nobody did, or all have the same rest score.
    """

    entry: str
    id: str
    count: int
    met: int
    points: float
    difficulty: float
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class ExerciseStatistics:
    """`difficulty` is the mean share of the points that was lost."""

    exercise: str
    title: str
    distribution: Distribution
    difficulty: float
    passed: int
    checks: tuple[CheckStatistics, ...]
    misconceptions: tuple[tuple[str, int], ...]


class Shares:
    """Scores from 0 to 1, counted."""

    def __init__(self, shares: Iterable[float] = ()):
        self._counts: Counter[int] = Counter(map(_whole, shares))

    def add(self, share: float) -> None:
        self._counts[_whole(share)] += 1

    def distribution(self) -> Distribution:
        """All zero where there are none."""
        count = self._counts.total()
        bins: Counter[int] = Counter()
        for share, times in self._counts.items():
            bins[max(0, min(share * BINS // _UNIT, BINS - 1))] += times
        return Distribution(
            count=count,
            mean=100 * self.mean if count else 0.0,
            median=100 * self._median() / _UNIT if count else 0.0,
            bins=tuple(bins[at] for at in range(BINS)),
        )

    @property
    def mean(self) -> float:
        return sum(share * times for share, times in self._counts.items()) / (self._counts.total() * _UNIT)

    def _median(self) -> float:
        """The middle one, of an even number the mean of the two in the middle."""
        count, seen = self._counts.total(), 0
        middle = []
        for share in sorted(self._counts):
            before, seen = seen, seen + self._counts[share]
            middle += [share for at in ((count - 1) // 2, count // 2) if before <= at < seen]
        return sum(middle) / 2


def left_out(count: int) -> str:
    """What is to be said beside a distribution of totals of those that are not in it; nothing where there are none."""
    if not count:
        return ""
    who = "1 learner" if count == 1 else f"{count} learners"
    return f"{who} left out: something of theirs is not graded yet, or not marked"


def distribution(shares: Iterable[float]) -> Distribution:
    return Shares(shares).distribution()


class Tally:
    """The verdicts on one exercise, counted."""

    def __init__(self, verdicts: Iterable[Verdict] = ()):
        self._shares = Shares()
        self._checks: dict[tuple[str, str], _Check] = {}
        self._misconceptions: Counter[str] = Counter()
        self._passed = 0
        self._exercise = self._title = ""
        for verdict in verdicts:
            self.add(verdict)

    def add(self, verdict: Verdict) -> None:
        if verdict.status == "error":
            return
        self._exercise, self._title = self._exercise or verdict.exercise, self._title or verdict.title
        self._shares.add(verdict.points / verdict.max_points if verdict.max_points else 1.0)
        self._passed += verdict.status == "passed"
        if verdict.misconception is not None:
            self._misconceptions[verdict.misconception] += 1
        for (entry, id_), results in _by_check(verdict).items():
            self._checks.setdefault((entry, id_), _Check(entry, id_)).add(results, verdict.points)

    def statistics(self) -> ExerciseStatistics | None:
        """None where nobody is marked."""
        found = self._shares.distribution()
        if not found.count:
            return None
        return ExerciseStatistics(
            exercise=self._exercise,
            title=self._title,
            distribution=found,
            difficulty=1 - self._shares.mean,
            passed=self._passed,
            checks=self.checks(),
            misconceptions=self.misconceptions(),
        )

    def checks(self) -> tuple[CheckStatistics, ...]:
        """In the order of the exercise."""
        return tuple(check.statistics() for check in self._checks.values())

    def misconceptions(self) -> tuple[tuple[str, int], ...]:
        """The recognised ones with how many learners showed them, the most frequent first."""
        return tuple(sorted(self._misconceptions.items(), key=lambda item: (-item[1], item[0])))


def of_exercise(verdicts: Iterable[Verdict]) -> ExerciseStatistics | None:
    """Of the verdicts on one exercise; None where there is none that marks anybody."""
    return Tally(verdicts).statistics()


def misconceptions(verdicts: Iterable[Verdict]) -> tuple[tuple[str, int], ...]:
    return Tally(verdicts).misconceptions()


def check_statistics(verdicts: Iterable[Verdict]) -> tuple[CheckStatistics, ...]:
    return Tally(verdicts).checks()


# ---------------------------------------------------------------- checks


def _by_check(verdict: Verdict) -> dict[tuple[str, str], list[CheckResult]]:
    groups: dict[tuple[str, str], list[CheckResult]] = {}
    for check in verdict.checks:
        groups.setdefault((check.entry, check.id), []).append(check)
    return groups


def _whole(value: float) -> int:
    return round(value * _UNIT)


class _Check:
    """What all learners have of one check, in sums."""

    def __init__(self, entry: str, id_: str):
        self._entry, self._id = entry, id_
        self._points: float | None = None
        self._lost = 0
        self._both = Correlation()

    def add(self, results: Sequence[CheckResult], total: float) -> None:
        points, most = sum(check.points for check in results), sum(check.max_points for check in results)
        met = all(check.status == "passed" for check in results) and points >= most - 1e-9
        self._points = most if self._points is None else self._points
        self._lost += _UNIT - _whole(points / most) if most else _UNIT * (not met)
        self._both.add(met, total - points)

    def statistics(self) -> CheckStatistics:
        return CheckStatistics(
            entry=self._entry,
            id=self._id,
            count=self._both.count,
            met=self._both.met,
            points=self._points or 0.0,
            difficulty=self._lost / (self._both.count * _UNIT),
            discrimination=self._both.coefficient(),
        )


class Correlation:
    """Pearson's correlation of having met a check with the score on all else.

    The check's own points are left out of the score, or it would correlate with itself: S. Henrysson, "Correction of
    item-total correlations in item analysis", Psychometrika 28 (1963), 211-218.
    """

    def __init__(self) -> None:
        self.count = self.met = 0
        self._rest = self._squares = self._of_met = 0

    def add(self, met: bool, rest: float) -> None:
        whole = _whole(rest)
        self.count += 1
        self.met += met
        self._rest += whole
        self._squares += whole * whole
        self._of_met += whole * met

    def coefficient(self) -> float | None:
        """None where one of the two does not vary."""
        spread = self.met * (self.count - self.met)
        of_rest = self.count * self._squares - self._rest**2
        if not spread or not of_rest:
            return None
        return (self.count * self._of_met - self.met * self._rest) / math.sqrt(spread * of_rest)


def point_biserial(met: Sequence[bool], rest: Sequence[float]) -> float | None:
    found = Correlation()
    for one, score in zip(met, rest, strict=True):
        found.add(one, score)
    return found.coefficient()
