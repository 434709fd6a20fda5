"""Which of several attempts counts, and with how many points: the best or the last of those that are allowed.

Points are compared, and given, out of as many as the exercise has now: a verdict of a version that had others keeps its share.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.gradebook.attempts import Attempt, Mark
from grader.gradebook.lateness import Adjusted, Rules, adjusted, number


@dataclass(frozen=True, slots=True)
class Counted:
    """The attempt that counts. `adjusted` is None where it is not marked: not graded yet, or an error of the grader's own."""

    attempt: Attempt
    adjusted: Adjusted | None
    said: str


def as_said(rules: Rules, counts: str | None) -> Rules:
    """With another answer to which attempt counts: first, last or best; None leaves it to the rules."""
    if counts is None:
        return rules
    return replace(rules, best=counts == "best", attempts=1 if counts == "first" else rules.attempts)


def counted(attempts: Sequence[Attempt], rules: Rules, most: float) -> Counted | None:
    """None where nothing was handed in. `attempts` in their order; `most`: the points that the exercise has now."""
    allowed = attempts[: rules.attempts]
    if not allowed:
        return None
    marked = [(attempt, score) for attempt in allowed if (score := _adjusted(attempt, rules, most)) is not None]
    if rules.best and marked:
        attempt, score = max(marked, key=lambda pair: (pair[1].points, -pair[0].number))
    else:
        attempt = allowed[-1]
        score = dict((one.number, own) for one, own in marked).get(attempt.number)
    said = [_which(attempt, attempts, allowed, rules)]
    if score is not None and attempt.mark is not None:
        said += [_rescaled(attempt.mark, most), score.said]
    return Counted(attempt, score, "; ".join(filter(None, said)))


def earned(mark: Mark, most: float) -> float:
    """The points of a verdict, out of `most`. Of one that was out of nothing, all or none."""
    if mark.max_points == most:
        return mark.points
    if not mark.max_points:
        return most if mark.status == "passed" else 0.0
    return rescaled(mark.points, mark.max_points, most)


def rescaled(points: float, of: float, most: float) -> float:
    """The same share, and never more than all of it; rounded, so that no last digit tells two that are as good apart."""
    return min(round(points / of * most, 9), most)


def _adjusted(attempt: Attempt, rules: Rules, most: float) -> Adjusted | None:
    if attempt.mark is None or attempt.mark.status == "error":
        return None
    return adjusted(earned(attempt.mark, most), attempt.submitted, rules, attempt.late)


def _rescaled(mark: Mark, most: float) -> str:
    if mark.max_points == most:
        return ""
    now = f"{number(earned(mark, most))} of {number(most)}"
    return f"{number(mark.points)} of {number(mark.max_points)} in an earlier version of the exercise, as {now}"


def _which(attempt: Attempt, attempts: Sequence[Attempt], allowed: Sequence[Attempt], rules: Rules) -> str:
    if len(attempts) == 1:
        return ""
    why = "the best" if rules.best else "the last"
    over = f" of the {len(allowed)} that are allowed" if len(allowed) < len(attempts) else ""
    return f"attempt {attempt.number} of {len(attempts)} counts, {why}{over}"
