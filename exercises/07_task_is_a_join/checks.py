"""Whether all was done at its time: the water from the start, the knife without a pause, and the return with the last of them."""

from grader.ticks import to_seconds, to_ticks


def in_time(view):
    """What is asked for begins at the second that the plan gives, and all is returned when the last of it is ready."""
    plan = view.value("=[['boil_water', None, 0], ['chop', 'onions', 0], ['chop', 'carrots', onion_time]]")
    if view.record.outcome.kind != "result":
        return "your function did not return, so there is no time to look at"
    took, possible = to_seconds(view.record.elapsed), view.value("=max(boil, onion_time + carrot_time)")
    if view.record.elapsed != to_ticks(possible):
        return f"your function took {took:g} s of virtual time; it can take {possible:g} s"
    late = next((step for step in plan if not _began(view, *step)), None)
    return None if late is None else f"{_label(*late[:2])} did not begin at {late[2]:g} s"


def _began(view, operation, key, when):
    rows = view.record.ledger.begun_before_return()
    return any((row.operation, row.key, row.start) == (operation, key, to_ticks(when)) for row in rows)


def _label(operation, key):
    return operation if key is None else f"{operation}({key})"
