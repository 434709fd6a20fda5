"""What only a look at the whole run can say: between which numbers the others had their turns, and a `yield` in the way."""


def turns(view):
    """Each number was asked about, and after every `step` of them, or sooner, somebody else had a turn."""
    missing = set(range(2, view.value("=limit"))) - {row.key for row in _asked(view)}
    if missing:
        return f"is_prime was not asked about {min(missing)}"
    longest = max(_stretches(view), key=len)
    return None if len(longest) <= view.value("=step") else _said(longest, view)


def promptly(view):
    """The turns are there, and no time has passed."""
    if view.record.outcome.kind == "result" and view.record.elapsed:
        return f"your function took {view.record.elapsed / 10**9:g} s of virtual time; it can do it all in 0 s"
    return turns(view)


def between(view):
    """At least once somebody else had a turn between two numbers."""
    asked = _asked(view)
    if len(asked) < 2:
        return None  # there is nothing to be between
    longest = max(_stretches(view), key=len)
    return _said(longest, view) if len(longest) == len(asked) else None


def _asked(view):
    return [row for row in view.record.ledger.begun_before_return() if row.operation == "is_prime"]


def _stretches(view):
    """The numbers asked about, in stretches without a turn for anybody else."""
    stretches = [[]]
    for row in view.record.ledger.begun_before_return():
        if row.operation == "tick":
            stretches.append([])
        elif row.operation == "is_prime":
            stretches[-1].append(row.key)
    return stretches


def _said(stretch, view):
    return (
        f"you asked about {len(stretch)} numbers, from {stretch[0]} to {stretch[-1]}, and nobody else got a turn meanwhile; "
        f"at most {view.value('=step')} are asked for"
    )


def no_generator(view):
    """Neither the function itself nor anything that it awaited is an asynchronous generator."""
    outcome = view.record.outcome
    if outcome.kind == "wrong_kind" and outcome.detail == "async_generator":
        return "your function is an asynchronous generator, because there is a `yield` in it"
    failure = outcome.failure
    if failure is not None and failure.type == "TypeError" and "async_generator" in failure.message:
        return "an asynchronous generator was awaited: a function with a `yield` in it"
    return None
