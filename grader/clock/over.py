"""The ways in which a run ends from outside the program that runs.

They are no `Exception`, so that `except Exception` in a program does not swallow them.
"""


class RunOver(BaseException):
    """The run is over. `kind` is one of the outcome's kinds; `line` the line of the program that it concerns, if known."""

    kind = "over"

    def __init__(self, detail: str = "", line: int | None = None):
        super().__init__(detail)
        self.detail, self.line = detail, line

    def say(self, detail: str) -> None:
        """It is known better now what it is about."""
        self.detail = detail
        self.args = (detail,)

    def again(self) -> "RunOver":
        """The same, to be raised in another place: an exception that is raised twice mixes up its tracebacks."""
        return type(self)(self.detail, self.line)


class DeadlockError(RunOver):
    """Nothing can ever run again."""

    kind = "deadlock"


class LivelockError(RunOver):
    """Turn after turn, while the clock stands still."""

    kind = "livelock"


class BusyLoopError(RunOver):
    """Code that never waits: it polls, or reads past the end, or computes beyond the limit of CPU time."""

    kind = "busy_loop"


class LimitError(RunOver):
    """A limit of the run; `detail` names it."""

    kind = "virtual_limit"


class TimeLimitError(LimitError):
    """The virtual time that a loop was given is over, and the program is not: something goes on as time passes."""


class BrokenOffError(RunOver):
    """The other side of the door would not go on."""

    kind = "died"


class RefusedError(RuntimeError):
    """Something that cannot be done honestly on a virtual clock; the text names the call, and what to use instead."""
