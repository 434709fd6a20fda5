"""Whether the loop went on meanwhile: the beats of the heart lie end to end from the call to the return."""

from grader.ticks import to_seconds, to_ticks


def heartbeat(view):
    """No beat began late, and none is missing at the end."""
    if view.record.outcome.kind != "result":
        return "your function did not return, so there is no heartbeat to look at"
    since, until = _pause(view)
    if since == until:
        return None
    missed = max(1, (until - since) // to_ticks(view.value("=beat_every")))
    beats = "1 beat is" if missed == 1 else f"{missed} beats are"
    stopped = f"the heartbeat stopped from {to_seconds(since):g} s to {to_seconds(until):g} s"
    return f"{stopped}{_held_up(view, since, until, ', while {} held up the loop')}: {beats} missing"


def in_time(view):
    """All files converted as soon as it can be done, and the loop went on all the time."""
    if view.record.outcome.kind != "result":
        return "your function did not return, so there is no time to look at"
    took, possible = to_seconds(view.record.elapsed), view.value("=max(times)")
    if view.record.elapsed != to_ticks(possible):
        why = "" if heartbeat(view) else _held_up(view, 0, view.record.elapsed, ", and {} held up the loop")
        return f"your function took {took:g} s of virtual time; it can take {possible:g} s{why}"
    if heartbeat(view) is None:
        return None
    return f"{took:g} s of virtual time are right, and count only where the loop goes on meanwhile"


def _held_up(view, since, until, words):
    """`words` about the calls that held up the loop within that time, each with its line; empty if none is known."""
    calls = []
    for blocked in view.record.facts.blocked:
        name = "the end of a `with`" if blocked.name.endswith(".__exit__") else blocked.name.partition(".<locals>")[0]
        called = name + ("" if blocked.line is None else f" (line {blocked.line})")
        if blocked.start < until and blocked.end > since and called not in calls:
            calls.append(called)
    return words.format(" and ".join(calls[:3])) if calls else ""


def _pause(view):
    """The first stretch without a heartbeat, from when to when; without length if there is none."""
    ledger, over = view.record.ledger, view.record.ledger.returned
    at = 0
    for row in ledger.begun_before_return():
        if row.operation == "beat":
            if row.start > at:
                return at, row.start
            at = row.end if ledger.done(row) else over
    return min(at, over), over
