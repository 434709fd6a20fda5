"""Who waits for what nobody gives, beside others that go on until the time is over: a deadlock for all but these."""

from collections.abc import Iterable

from grader.checks.words import in_line, plainly
from grader.referee.facts import Waiting

_REASON = "nothing that runs can"
_ON_OTHERS = (", which waits itself", ", which wait themselves")
_MOST = 3


def waits(waiting: Waiting) -> str:
    place = f"`{plainly(waiting.function)}` waits{in_line(waiting.line, waiting.file)}"
    return f"{place} for {plainly(waiting.waits_for)}" if waiting.waits_for else place


def is_stuck(waiting: Waiting) -> bool:
    """Whether neither time ends its wait nor anybody who waits, too."""
    return _REASON in waiting.waits_for


def beside(waiting: Iterable[Waiting]) -> str:
    """In words; empty if nobody is stuck, or nobody is seen to go on beside them."""
    waiting = [one for one in waiting if one.line is not None]
    stuck = dict.fromkeys(waits(one).replace(_REASON, "nothing else that runs can") for one in waiting if is_stuck(one))
    on = dict.fromkeys(
        f"`{plainly(one.function)}`{in_line(one.line, one.file)}"
        for one in waiting
        if not is_stuck(one) and not one.waits_for.endswith(_ON_OTHERS)
    )
    if not (stuck and on):
        return ""
    goes = "goes" if len(on) == 1 else "go"
    return "; ".join([*[*stuck][:_MOST], f"beside it {' and '.join([*on][:_MOST])} {goes} on as time passes"])
