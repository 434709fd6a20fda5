"""What comes from the learner's side, decoded strictly: of exactly these shapes, or refused.

A message is a JSON array whose first item names it. Numbers are integers within 53 bits, texts and lists are bounded; NaN,
true for 1, unknown names and surplus items are refused by the decoder itself.
"""

from typing import Annotated, Any, Literal

import msgspec

from grader.door.messages import EXIT_CALLS, EXITS
from grader.door.values import ValueRefused, unpack
from grader.referee.facts import Facts
from grader.referee.outcome import Failure, Line, Name, Opaque, Outcome
from grader.referee.referee import DoorError, Referee

Tick = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Id = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
Ref = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
# what a runner may say of its end; that time was up, or that it died, is for the trusted side to say
Said = Literal[
    "result",
    "raised",
    "import",
    "import_loop",
    "import_limit",
    "import_deadlock",
    "missing",
    "wrong_kind",
    "deadlock",
    "livelock",
    "busy_loop",
    "virtual_limit",
    "exit",
    "import_exit",
]
# the numbers of a loop and of a thread: told only where the start asks for them
Count = Annotated[int, msgspec.Meta(ge=1, le=2**31)]
Where = tuple[Count | None, Count]
Args = Annotated[list[Any], msgspec.Meta(max_length=300)]


class Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of all messages."""


class Enter(Message, frozen=True, tag="enter"):
    at: Tick


class Begin(Message, frozen=True, tag="begin"):
    at: Tick
    id: Id
    ref: Ref
    method: Name
    args: Args
    line: Line | None
    where: Where | None = None


class Call(Message, frozen=True, tag="call"):
    at: Tick
    id: Id
    ref: Ref
    method: Name
    args: Args
    line: Line | None
    where: Where | None = None


class Cancel(Message, frozen=True, tag="cancel"):
    at: Tick
    id: Id


class Block(Message, frozen=True, tag="block"):
    at: Tick
    to: Tick


class Idle(Message, frozen=True, tag="idle"):
    at: Tick
    timer: Tick | None
    number: Id


class Finish(Message, frozen=True, tag="finish"):
    at: Tick
    how: Said
    value: Any


class Bye(Message, frozen=True, tag="bye"):
    facts: Facts


AnyMessage = Enter | Begin | Call | Cancel | Block | Idle | Finish | Bye
_decoder = msgspec.json.Decoder(AnyMessage)


def decode(line: bytes) -> AnyMessage:
    """One message; raises DoorError for anything that is none."""
    try:
        message: AnyMessage = _decoder.decode(line)
        return message
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DoorError(f"not a message: {str(error)[:200]}") from None


def facts_from(report: dict[str, Any]) -> Facts:
    """A report that did not cross a pipe."""
    try:
        return msgspec.convert(report, Facts)
    except (msgspec.ValidationError, RecursionError) as error:
        raise DoorError(f"not a report: {str(error)[:200]}") from None


def outcome_of(referee: Referee) -> Outcome | None:
    """What `finish` said; None if nobody said it. Raises DoorError where it cannot be read."""
    if referee.finished is None:
        return None
    how, value = referee.finished
    try:
        if how == "result":
            return Outcome("result", unpack(value, lambda ref, *_: Opaque("object of the exercise"), Opaque))
        if how in EXITS and value in EXIT_CALLS:
            return Outcome(EXITS[how], detail=value)  # type: ignore[arg-type]
        if how in EXITS:
            raise ValueRefused("an exit of no known kind")
        if how in ("raised", "import"):
            return Outcome(how, failure=msgspec.convert(value, Failure))  # type: ignore[arg-type]
        return Outcome(how, detail=str(value)[:200])  # type: ignore[arg-type]
    except (ValueRefused, msgspec.ValidationError) as error:
        raise DoorError(f"not an outcome: {str(error)[:200]}") from None
