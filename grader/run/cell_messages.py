"""What is heard from the process that runs a notebook's cells: strictly decoded, and bounded."""

from typing import Annotated, Literal

import msgspec

from grader.referee.referee import DoorError

_Text = Annotated[str, msgspec.Meta(max_length=1_000_000)]
_Number = Annotated[int, msgspec.Meta(ge=1, le=2**31)]


class Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a job says, with the word that it was given and that no cell was."""

    word: Annotated[str, msgspec.Meta(max_length=64)]


class Cell(Message, frozen=True, tag="cell"):
    number: _Number


class Over(Message, frozen=True, tag="over"):
    number: _Number
    kind: Annotated[str, msgspec.Meta(max_length=40)]
    outputs: Annotated[
        list[Annotated[list[_Text], msgspec.Meta(min_length=1, max_length=41)]], msgspec.Meta(max_length=200)
    ]
    reached: Annotated[
        list[
            tuple[Literal["sure", "module", "distribution", "variable"], Annotated[str, msgspec.Meta(max_length=200)]]
        ],
        msgspec.Meta(max_length=40),
    ] = []
    kept: bool = False


class Spent(Message, frozen=True, tag="spent"):
    """Where a cell stays whose time is up: its place, as `grader.runner.cells.spending` has it."""

    number: _Number
    file: Annotated[str, msgspec.Meta(max_length=40)]
    name: Annotated[str, msgspec.Meta(max_length=200)]
    line: Annotated[int, msgspec.Meta(ge=0, le=2**31)]


class Really(Message, frozen=True, tag="really"):
    """Virtual time does not tell what becomes of this cell."""

    number: _Number


class Bye(Message, frozen=True, tag="bye"):
    """All cells are over."""


Heard = Cell | Over | Spent | Really | Bye
_decoder = msgspec.json.Decoder(Heard)


def decoded(line: bytes) -> Heard:
    """Raises DoorError for what is none of these."""
    try:
        message: Heard = _decoder.decode(line)
        return message
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DoorError(f"not a message: {str(error)[:200]}") from None
