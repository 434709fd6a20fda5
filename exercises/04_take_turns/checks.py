"""What only a look at the outcome can say: that a `yield` made a generator of a coroutine function."""


def no_generator(view):
    """Neither the function itself nor anything that it awaited is an asynchronous generator."""
    outcome = view.record.outcome
    if outcome.kind == "wrong_kind" and outcome.detail == "async_generator":
        return "your function is an asynchronous generator, because there is a `yield` in it"
    failure = outcome.failure
    if failure is not None and failure.type == "TypeError" and "async_generator" in failure.message:
        return "an asynchronous generator was awaited: a function with a `yield` in it"
    return None
