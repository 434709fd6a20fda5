"""Whether the responses came at the right time: a look at the answer and the clock at once."""

from grader.ticks import to_seconds, to_ticks


def in_time_with_one(view):
    """The response was returned as soon as the conversation was over."""
    return _in_time(view, "=each[0]", "=answers[0]")


def in_time(view):
    """All responses were returned as soon as the longest conversation was over."""
    return _in_time(view, "=max(each)", "=answers")


def _in_time(view, seconds, answer):
    outcome = view.record.outcome
    if outcome.kind != "result":
        return "your function did not return, so there is no time to look at"
    took, possible = to_seconds(view.record.elapsed), view.value(seconds)
    if view.record.elapsed != to_ticks(possible):
        return f"your function took {took:g} s of virtual time; it can take {possible:g} s"
    right = outcome.value == view.value(answer)
    return None if right else f"{took:g} s of virtual time are right, and count only with the right result"
