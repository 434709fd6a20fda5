"""Which of several attempts counts, and with how many points: the best or the last of those that are allowed."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.gradebook.attempts import Attempt
from grader.gradebook.lateness import Adjusted, Rules, adjusted


@dataclass(frozen=True, slots=True)
class Counted:
    """The attempt that counts. `adjusted` is None where it is not marked: not graded yet, or an error of the grader's own."""

    attempt: Attempt
    adjusted: Adjusted | None
    said: str


def counted(attempts: Sequence[Attempt], rules: Rules) -> Counted | None:
    """None where nothing was handed in. `attempts` in their order."""
    allowed = attempts[: rules.attempts]
    if not allowed:
        return None
    marked = [(attempt, score) for attempt in allowed if (score := _adjusted(attempt, rules)) is not None]
    if rules.best and marked:
        attempt, score = max(marked, key=lambda pair: (pair[1].points, -pair[0].number))
    else:
        attempt = allowed[-1]
        score = dict((one.number, own) for one, own in marked).get(attempt.number)
    said = [_which(attempt, attempts, allowed, rules), score.said if score else ""]
    return Counted(attempt, score, "; ".join(filter(None, said)))


def _adjusted(attempt: Attempt, rules: Rules) -> Adjusted | None:
    if attempt.mark is None or attempt.mark.status == "error":
        return None
    return adjusted(attempt.mark.points, attempt.submitted, rules, attempt.late)


def _which(attempt: Attempt, attempts: Sequence[Attempt], allowed: Sequence[Attempt], rules: Rules) -> str:
    if len(attempts) == 1:
        return ""
    why = "the best" if rules.best else "the last"
    over = f" of the {len(allowed)} that are allowed" if len(allowed) < len(attempts) else ""
    return f"attempt {attempt.number} of {len(attempts)} counts, {why}{over}"
