"""Whether the results came at the right time, and by waiting: a look at the answer, the clock and every call at once."""

from grader.ticks import to_seconds, to_ticks


def in_sequence(view):
    return _in_time(view, "=[[first, a, a], [second, b, a + b]]")


def at_once(view):
    return _in_time(view, "=[[first, a, a], [second, b, b]]")


def _in_time(view, plan):
    """Each text was said after its own delay, at the second that the plan gives it; with the last of them came both results.

    An answer alone would not do: who is told `what` knows the answer before anything was said.
    """
    outcome, plan = view.record.outcome, view.value(plan)
    if outcome.kind != "result":
        return "your function did not return, so there is no time to look at"
    took, possible = to_seconds(view.record.elapsed), max(when for _, _, when in plan)
    if view.record.elapsed != to_ticks(possible):
        return f"your function took {took:g} s of virtual time; it can take {possible:g} s"
    for what, delay, when in plan:
        if not _said(view, what, to_ticks(delay), to_ticks(when)):
            return f"say_after({what}) did not wait {delay:g} s to speak at {when:g} s"
    right = outcome.value == view.value("=[first, second]")
    return None if right else f"{took:g} s of virtual time are right, and count only with the right result"


def _said(view, what, delay, when):
    ledger = view.record.ledger
    calls = [row for row in ledger.begun_before_return() if row.key == what]
    return bool(calls) and all(ledger.done(row) and row.start + delay == row.end == when for row in calls)
