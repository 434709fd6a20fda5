"""What became of the entry: its result or why there is none.

The kinds are told apart because their causes differ: a learner who meets a deadlock needs other words than one whose
function is missing.
"""

from typing import Annotated, Any, Literal

import msgspec

Line = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Name = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=10_000_000)]

Kind = Literal[
    "result",  # the entry returned; `value` holds what
    "raised",  # the entry raised; `failure` says what
    "import",  # the file could not be executed; `failure` (SyntaxError included) says why
    "import_loop",  # the file runs an event loop while it is imported, where it is graded as it is
    "import_limit",  # what the file does while it is imported has no end, or none within the limit that an import has
    "import_time_out",  # the wall limit, met there
    "import_deadlock",  # nothing could ever run again, while the file is imported
    "import_died",  # the process ended by itself while the file is imported
    "empty",  # nothing stands in the file
    "missing",  # the file has no such name
    "wrong_kind",  # it is there, but not the kind of function that was asked for; `detail` says what it is
    "deadlock",  # nothing could ever run again
    "livelock",  # turns without end while the clock stood still
    "busy_loop",  # code that never waits: a poll or a read past the end, again and again, or the CPU limit
    "virtual_limit",  # virtual time, operations or tasks beyond the limit; `detail` names which
    "time_out",  # the wall limit: not the program's fault for certain
    "died",  # the process ended by itself: exit, memory, a signal; `detail` says how
]


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exception of the learner's program, as reported.

    `line` is the innermost line of the learner's own file, `bases` the names along the MRO. `about` is what it concerns:
    `NoneType.readline` for an AttributeError, the name for a NameError or ImportError, the source line for a SyntaxError,
    the file's name without its folder for a FileNotFoundError.
    `function` is the learner's function that the line stands in. `file`: that of an earlier file of theirs, where the line is
    in one. `provided`: the file of the exercise's, and the line there, that could not be imported, or lacks what it imports.
    """

    type: Name
    message: Annotated[str, msgspec.Meta(max_length=500)]
    line: Line | None
    bases: Annotated[tuple[Name, ...], msgspec.Meta(max_length=30)] = ()
    about: Name | None = None
    function: Name | None = None
    file: Name | None = None
    provided: tuple[Name, Line | None] | None = None


class Outcome(msgspec.Struct, frozen=True):
    """`at_rest`: it met the wall limit, and it was not the machine that it waited for."""

    kind: Kind
    value: Any = None
    failure: Failure | None = None
    detail: str = ""
    at_rest: bool = False


class Opaque(msgspec.Struct, frozen=True):
    """Stands for a value that does not cross the door (a task, a function); equal to no expected answer."""

    type: str

    def __repr__(self) -> str:
        return f"<{self.type}>"
