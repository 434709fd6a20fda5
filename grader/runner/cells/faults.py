"""An exception as it stands below a cell: its name, its text, and the lines of the cells that it came through."""

import traceback

from grader.runner.text import whole

_LONGEST, _MOST_LINES = 10_000, 60


def described(error: BaseException) -> list[str]:
    """Always an error, whatever of it can be told."""
    try:
        text = whole(str(error)[:_LONGEST])
    except Exception:  # a learner's own __str__
        text = ""
    return ["error", _name(error), text, "\n".join(_lines(error))]


def _name(error: BaseException) -> str:
    try:
        return whole(str(type(error).__name__))[:200]
    except Exception:  # of a class with a class of its own
        return "Exception"


def _lines(error: BaseException) -> list[str]:
    try:
        told = traceback.TracebackException.from_exception(error, limit=-_MOST_LINES)
        told.stack = traceback.StackSummary.from_list([one for one in told.stack if one.filename.startswith("cell ")])
        lines = [whole(str(line).rstrip("\n"))[:_LONGEST] for line in told.format(chain=False)]
    except Exception:
        lines = [_name(error)]
    return lines[-_MOST_LINES:]
