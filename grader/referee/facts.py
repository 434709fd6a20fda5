"""What only the runner can see, as it reported it: reported, not witnessed.

A hostile program can hide these; so no exercise may hang its points on them alone. Every field is bounded, and what is
beyond its bounds is no report.
"""

from typing import Annotated

import msgspec

from grader.referee.ledger import Ended
from grader.referee.outcome import Failure, Line, Name, Text

MAX_PLACES = 100
Tick = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
MAX_CALLS = 1_000
Yields = Annotated[tuple[Tick, ...], msgspec.Meta(max_length=10_000)]
_Few = msgspec.Meta(max_length=MAX_PLACES)


class Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A thing with a name and the learner's line that it stands for, if one is known; of which earlier file, if of one."""

    name: Name
    line: Line | None
    file: Name | None = None


class Blocked(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A blocking call in the loop's thread: from tick `start` to tick `end` everything else stood still."""

    name: Name
    line: Line | None
    start: Tick
    end: Tick


class Waiting(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A task that waits for something that can never come. `waits_for` in plain words, may be empty. `file` as of a Place."""

    task: Name
    function: Name
    line: Line | None
    waits_for: Name
    file: Name | None = None


class Read(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One read of a stream (`readline`, `read`, ...), drawn in the timeline. `start`, `end` in ticks."""

    operation: Name
    key: Name
    start: Tick
    end: Tick | None
    line: Line | None


class Moment(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A tick, a number among all such of the run, and whether the entry had returned."""

    at: Tick
    number: Count
    late: bool


class OwnCall(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A call of a function in an earlier file of the learner's, for which the exercise has an operation of the same name."""

    operation: Name
    key: bool | Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)] | float | Name | None
    line: Line | None
    begin: Moment
    end: Moment | None
    outcome: Ended | None


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One run's report. `dropped`: those of `never_awaited` that were gone before the entry had ended. `failed_cells`:
    why cells of a notebook were stopped; the type of one that hung is `deadlock` or `livelock`.

    `yields`: of each call of an async generator the ticks after it at which its items came.
    `own_calls`: where the learner's own earlier files are used, in the order in which they began; `own_files`: the names of
    those files that were executed so that they are noted.
    """

    tasks: Count = 0
    redundant: Annotated[tuple[Place, ...], _Few] = ()
    never_awaited: Annotated[tuple[Place, ...], _Few] = ()
    dropped: Annotated[tuple[Place, ...], _Few] = ()
    pending_at_return: Annotated[tuple[Place, ...], _Few] = ()
    first_failure: Failure | None = None
    lost_exceptions: Annotated[tuple[Failure, ...], _Few] = ()
    blocked: Annotated[tuple[Blocked, ...], _Few] = ()
    waiting: Annotated[tuple[Waiting, ...], _Few] = ()
    reads: Annotated[tuple[Read, ...], _Few] = ()
    loops: Count = 0
    runs: Count = 0
    nested_run: Place | None = None
    refused: Annotated[tuple[Place, ...], _Few] = ()
    spinning: Place | None = None
    open_generators: Annotated[tuple[Place, ...], _Few] = ()
    swallowed_cancels: Annotated[tuple[Place, ...], _Few] = ()
    failed_cells: Annotated[tuple[Failure, ...], _Few] = ()
    turns: Count = 0
    threads_left: bool = False
    yields: Annotated[tuple[Yields, ...], msgspec.Meta(max_length=MAX_CALLS)] = ()
    own_calls: Annotated[tuple[OwnCall, ...], msgspec.Meta(max_length=10_000)] = ()
    own_files: Annotated[tuple[Name, ...], _Few] = ()
    output: Text = ""
    output_cut: bool = False
