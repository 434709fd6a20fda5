"""What is left of points for the time at which a work came in: never more than was earned, and never more the later it is.

All of it is a pure function of the points, the time and the rules, and says in words what it did.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from grader.course.due import days_later, read_due, shown
from grader.course.policy_model import Late, Policy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for one learner: another date, or so many days or hours more."""

    due: datetime | None = None
    days: int = 0
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy with its date read; `extended` tells whether the learner has more time: another date, if there is one."""

    due: datetime | None = None
    grace: timedelta = timedelta()
    late: Late | None = None
    attempts: int | None = None
    best: bool = False
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Adjusted:
    """`points` of `raw`; `said` is empty where there is nothing to say."""

    points: float
    raw: float
    late: bool
    said: str


def rules_of(policy: Policy, extension: Extension | None = None) -> Rules:
    """Of a policy that was proofread. An extension never makes the time shorter."""
    due = read_due(policy.due) if policy.due else None
    later = _extended(due, extension) if due is not None and extension is not None else due
    return Rules(
        due=later,
        grace=timedelta(minutes=policy.grace_minutes or 0),
        late=policy.late,
        attempts=policy.attempts,
        best=policy.counts == "best",
        extended=later != due or (due is None and extension is not None),
    )


def _extended(due: datetime, extension: Extension) -> datetime:
    own = extension.due or days_later(due, extension.days)
    own = (own.astimezone(UTC) + HOUR * extension.hours).astimezone(own.tzinfo)
    return max(own, due, key=lambda moment: moment.astimezone(UTC))


def adjusted(raw: float, submitted: datetime | None, rules: Rules, flagged: bool | None = None) -> Adjusted:
    """What counts of `raw` points. Without a due date, and where the time is not known, all of them.

    `flagged`: the platform itself says that it is late, which is heard where no time is known, or no date.
    """
    if submitted is None or rules.due is None:
        return _without_a_time(raw, rules, bool(flagged))
    late = submitted.astimezone(UTC) - rules.due.astimezone(UTC)
    until = f" (due {shown(rules.due)}, extended)" if rules.extended else f" (due {shown(rules.due)})"
    if late <= timedelta():
        return Adjusted(raw, raw, False, f"in time{until}" if rules.extended else "")
    if late <= rules.grace:
        return Adjusted(raw, raw, False, f"{_long(late)} late, which is within the grace{until}")
    if rules.late is None:
        return Adjusted(raw, raw, True, f"{_long(late)} late{until}; that costs nothing")
    begun = _days(submitted, rules.due) if rules.late.per == "day" else math.ceil(late / HOUR)
    taken, said = _penalty(raw, begun, rules.late)
    left = min(raw, max(0.0, raw - taken))
    return Adjusted(left, raw, True, f"{_count(begun, rules.late.per)} late{until}: {said}")


def _without_a_time(raw: float, rules: Rules, flagged: bool) -> Adjusted:
    if flagged and rules.extended:
        until = f" (due {shown(rules.due)})" if rules.due else ""
        return Adjusted(raw, raw, False, f"late by its platform's date; extended{until}: taken as in time")
    if rules.due is None:
        return Adjusted(raw, raw, flagged, "late, as its platform says" if flagged else "")
    if flagged:
        costs = "" if rules.late is None else ": nothing is taken off"
        return Adjusted(raw, raw, True, f"late, as its platform says, and nobody knows by how much{costs}")
    return Adjusted(raw, raw, False, "the time of submission is not known: taken as in time")


def _days(submitted: datetime, due: datetime) -> int:
    """How many days have begun since: a day ends at the same time of day, also where clocks were changed in it."""
    begun = max(1, (submitted.astimezone(UTC) - due.astimezone(UTC)) // DAY)
    while days_later(due, begun).astimezone(UTC) < submitted.astimezone(UTC):
        begun += 1
    while begun > 1 and days_later(due, begun - 1).astimezone(UTC) >= submitted.astimezone(UTC):
        begun -= 1
    return begun


def _penalty(raw: float, begun: int, late: Late) -> tuple[float, str]:
    """How many points are taken off, and that in words."""
    rate = late.percent if late.percent is not None else late.points or 0.0
    cap = late.cap if late.cap is not None else math.inf
    full = min(begun * rate, cap)
    capped = " (no more than that)" if begun * rate > cap else ""
    if late.percent is not None:
        full = min(full, 100.0)
        return raw * full / 100, f"{full:g} % of {number(raw)} points taken off{capped}"
    return full, f"{_points(min(full, raw))} taken off{capped}"


def number(value: float) -> str:
    return f"{round(value, 4):g}"


def _points(value: float) -> str:
    return f"{number(value)} point{'s' if value != 1 else ''}"


def _long(late: timedelta) -> str:
    minutes = math.ceil(late / timedelta(minutes=1))
    if minutes < 120:
        return _count(minutes, "minute")
    return _count(math.ceil(late / HOUR), "hour") if late < 2 * DAY else _count(math.ceil(late / DAY), "day")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
