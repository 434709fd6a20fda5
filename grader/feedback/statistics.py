"""What a class's verdicts say about its exercises: pure functions, each with the source of its definition.

Verdicts in which the grader itself failed are left out everywhere: they say nothing of anybody.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation, fmean, median

from grader.verdict import CheckResult, Verdict

BINS = 10


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


def distribution(shares: Sequence[float]) -> Distribution:
    """Of scores from 0 to 1; all zero where there are none."""
    bins = Counter(min(int(share * BINS + 1e-9), BINS - 1) for share in shares)
    return Distribution(
        count=len(shares),
        mean=100 * fmean(shares) if shares else 0.0,
        median=100 * median(shares) if shares else 0.0,
        bins=tuple(bins[at] for at in range(BINS)),
    )


def of_exercise(verdicts: Iterable[Verdict]) -> ExerciseStatistics | None:
    """Of the verdicts on one exercise; None where there is none that marks anybody."""
    marked = [verdict for verdict in verdicts if verdict.status != "error"]
    if not marked:
        return None
    shares = [verdict.points / verdict.max_points if verdict.max_points else 1.0 for verdict in marked]
    return ExerciseStatistics(
        exercise=marked[0].exercise,
        title=marked[0].title,
        distribution=distribution(shares),
        difficulty=1 - fmean(shares),
        passed=sum(verdict.status == "passed" for verdict in marked),
        checks=check_statistics(marked),
        misconceptions=misconceptions(marked),
    )


def misconceptions(verdicts: Iterable[Verdict]) -> tuple[tuple[str, int], ...]:
    """The recognised ones with how many learners showed them, the most frequent first."""
    counts = Counter(verdict.misconception for verdict in verdicts if verdict.misconception is not None)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


# ---------------------------------------------------------------- checks


@dataclass(frozen=True, slots=True)
class _Earned:
    """What one learner has of one check, and of all else in the exercise."""

    met: bool
    points: float
    max_points: float
    rest: float


def check_statistics(verdicts: Iterable[Verdict]) -> tuple[CheckStatistics, ...]:
    """For each check of an exercise, in its order."""
    found: dict[tuple[str, str], list[_Earned]] = {}
    for verdict in verdicts:
        for key, results in _by_check(verdict).items():
            found.setdefault(key, []).append(_earned(results, verdict.points))
    return tuple(_statistics(entry, id_, earned) for (entry, id_), earned in found.items())


def _by_check(verdict: Verdict) -> dict[tuple[str, str], list[CheckResult]]:
    groups: dict[tuple[str, str], list[CheckResult]] = {}
    for check in verdict.checks:
        groups.setdefault((check.entry, check.id), []).append(check)
    return groups


def _earned(results: Sequence[CheckResult], total: float) -> _Earned:
    points, most = sum(check.points for check in results), sum(check.max_points for check in results)
    held = all(check.status == "passed" for check in results) and points >= most - 1e-9
    return _Earned(held, points, most, round(total - points, 9))  # what is equal must not vary by a last digit


def _statistics(entry: str, id_: str, earned: Sequence[_Earned]) -> CheckStatistics:
    most = earned[0].max_points
    return CheckStatistics(
        entry=entry,
        id=id_,
        count=len(earned),
        met=sum(one.met for one in earned),
        points=most,
        difficulty=1 - fmean(one.points / most if most else float(one.met) for one in earned),
        discrimination=point_biserial([one.met for one in earned], [one.rest for one in earned]),
    )


def point_biserial(met: Sequence[bool], rest: Sequence[float]) -> float | None:
    """Pearson's correlation of having met a check with the score on all else; None where one of them does not vary.

    The check's own points are left out of the score, or it would correlate with itself: S. Henrysson, "Correction of
    item-total correlations in item analysis", Psychometrika 28 (1963), 211-218.
    """
    try:
        return correlation([float(one) for one in met], rest)
    except StatisticsError:
        return None
