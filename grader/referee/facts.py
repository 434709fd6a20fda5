"""What only the runner can see, as it reported it: reported, not witnessed.

A hostile program can hide these; so no exercise may hang its points on them alone.
"""

import msgspec

from grader.referee.outcome import Failure


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A thing with a name and the learner's line that it stands for, if one is known."""

    name: str
    line: int | None


class Blocked(msgspec.Struct, frozen=True, array_like=True):
    """A blocking call in the loop's thread: from tick `start` to tick `end` everything else stood still."""

    name: str
    line: int | None
    start: int
    end: int


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """A task that waits for something that can never come. `waits_for` in plain words, may be empty."""

    task: str
    function: str
    line: int | None
    waits_for: str


class Read(msgspec.Struct, frozen=True, array_like=True):
    """One read of a stream (`readline`, `read`, ...), drawn in the timeline. `start`, `end` in ticks."""

    operation: str
    key: str
    start: int
    end: int | None
    line: int | None


class Facts(msgspec.Struct, frozen=True):
    """One run's report."""

    tasks: int = 0
    redundant: tuple[Place, ...] = ()
    never_awaited: tuple[Place, ...] = ()
    pending_at_return: tuple[Place, ...] = ()
    first_failure: Failure | None = None
    lost_exceptions: tuple[Failure, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    reads: tuple[Read, ...] = ()
    loops: int = 0
    runs: int = 0
    nested_run: Place | None = None
    refused: tuple[Place, ...] = ()
    spinning: Place | None = None
    open_generators: tuple[Place, ...] = ()
    swallowed_cancels: tuple[Place, ...] = ()
    turns: int = 0
    output: str = ""
    output_cut: bool = False
