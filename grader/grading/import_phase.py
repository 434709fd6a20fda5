"""How the import of a file that is graded as it is ended before it was over, in plain words and with the line."""

from grader.checks import View
from grader.checks.words import in_line
from grader.door.messages import EXIT_CALLS, SLEEPS
from grader.grading.places import at, first_waiting, whose
from grader.referee.facts import Waiting
from grader.verdict import Fault

_AT_ONCE = "what stands outside of functions is done as soon as the file is imported; put it into a function"
_LEAVE_OUT = 'leave it out, or put it under `if __name__ == "__main__":`'
_GOES_ON = {
    "virtual_seconds": "it sleeps for longer than a program has in virtual time",
    "operations": "it begins operations without end",
    "tasks": "it makes tasks without end",
    SLEEPS: "it waits again and again",
}
_MODULE = "<module>"


def _runs_loop(view: View) -> Fault:
    return _fault(
        view,
        "runs an event loop while it is imported",
        'whoever imports it waits for that; put the call under `if __name__ == "__main__":`, or leave it out',
    )


def _limit(view: View) -> Fault:
    """What computes may only be slow; what waits in virtual time beyond all bounds has no end."""
    detail = view.record.outcome.detail
    if detail.startswith(("computes", "waits in real time", "it was not over")):
        said = detail if detail.startswith("it ") else f"it {detail}"
        return _fault(view, "is not imported in the time that it has", f"{said}; {_AT_ONCE}")
    said = _GOES_ON.get(detail) or f"it {detail}"
    return _fault(view, "does not come to its end while it is imported", f"{said}; {_AT_ONCE}")


def _deadlock(view: View) -> Fault:
    waiting = view.record.facts.waiting
    line, file = first_waiting(waiting)
    said = "; ".join(dict.fromkeys(map(_waits, waiting)))
    title = f"{whose(file)} waits for something that can never come while it is imported"
    return at(view, title, "; ".join(filter(None, [said, _AT_ONCE])), line, file)


def _waits(waiting: Waiting) -> str:
    who = "it" if waiting.function == _MODULE else f"`{waiting.function}`"
    return f"{who} waits{in_line(waiting.line, waiting.file)}" + (
        f" for {waiting.waits_for}" if waiting.waits_for else ""
    )


def _died(view: View) -> Fault:
    detail = view.record.outcome.detail
    said = f"`{detail}` ends the whole program at once; {_LEAVE_OUT}" if detail in EXIT_CALLS else detail
    return _fault(view, "ends the whole program while it is imported", said)


def _fault(view: View, what: str, detail: str) -> Fault:
    spinning = view.record.facts.spinning
    line, file = (None, None) if spinning is None else (spinning.line, spinning.file)
    return at(view, f"{whose(file)} {what}", detail, line, file)


ENDS = {
    "import_loop": _runs_loop,
    "import_limit": _limit,
    "import_time_out": _limit,
    "import_deadlock": _deadlock,
    "import_died": _died,
}
