"""Everything that is said between the trusted side and a child in one case, and what in it came too early.

A child may know what it was given at the start, how far its clock may go, and the outcomes of operations that are over.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from grader.door.messages import START_FIELDS
from grader.referee.ledger import Ledger, Row

OUTWARD, INWARD = "to the child", "from the child"


@dataclass(slots=True)
class Overheard:
    """One case's lines in the order in which they crossed; `sent` are the trusted side's, byte for byte."""

    lines: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def start(self) -> bytes:
        return self.lines[0][1]

    @property
    def sent(self) -> list[bytes]:
        return [line for way, line in self.lines if way == OUTWARD]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sent after the start, and the question (None if nobody had asked)."""

    question: list[Any] | None
    raw: bytes

    @property
    def now(self) -> int | None:
        """The tick at which this was known: where the clock went, else where the question was asked."""
        said = json.loads(self.raw)
        if self.question is None:
            return None
        if self.question[0] == "idle":
            return int(self.question[1] if said[0] is None else said[0])
        return int(self.question[2] if self.question[0] == "block" else self.question[1])


ASKING = {"call", "cancel", "block", "idle"}


def answers(heard: Overheard) -> Iterator[Answer]:
    """Each line after the start, with the question that it answers."""
    question: list[Any] | None = None
    for way, line in heard.lines[1:]:
        if way == INWARD:
            said = json.loads(line)
            question = said if said[0] in ASKING else question
        else:
            yield Answer(question, line)
            question = None


def begun(heard: Overheard, recorded: frozenset[str], ledger: Ledger) -> dict[int, Row | None]:
    """What each number that the child gave stands for: the row that it began, None for what leaves no row."""
    names = dict(_operations(json.loads(heard.start)))
    rows = iter(row for row in ledger.rows if row.origin == "learner")
    found: dict[int, Row | None] = {}
    for way, line in heard.lines[1:]:
        said = json.loads(line)
        if way == OUTWARD:
            names.update(_operations(said))
        elif said[0] in ("begin", "call"):
            operation = said[4] if said[4] != "__call__" else names[said[3]]
            found[said[2]] = next(rows) if operation in recorded else None
    return found


def _operations(said: Any) -> Iterator[tuple[int, str]]:
    """Every function of the world in what was said: its number, and its operation's name."""
    if isinstance(said, list) and len(said) == 3 and said[0] == "r" and "call" in said[2]:
        yield said[1], said[2]["type"]
    for part in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from _operations(part)


# ---------------------------------------------------------------- what came too early


def too_much(heard: Overheard, recorded: frozenset[str], ledger: Ledger) -> list[str]:
    """Whatever was sent beyond the start's fields, leases, and outcomes of what was over by then."""
    start = json.loads(heard.start)
    fields = set(start) - START_FIELDS - ({"told_where"} if start.get("told_where") is True else set())
    found = [f"{name!r} in the start" for name in sorted(fields)]
    rows = begun(heard, recorded, ledger)
    for answer in answers(heard):
        found += _beyond(answer, rows)
    return found


def _beyond(answer: Answer, rows: dict[int, Row | None]) -> Iterator[str]:
    said = json.loads(answer.raw)
    match (answer.question or [""])[0], said:
        case ("cancel", bool()) | ("block", None | int()):
            pass
        case "call", [list() as outcome, None | int()] if _is_outcome(outcome):
            pass
        case "call", [None, None | int()]:
            pass  # of a blocking operation, whose end comes as an event
        case "idle", [None | int(), None | int(), list() as events]:
            for event in events:
                yield from _early(event, answer.now or 0, rows)
        case question, _:
            yield f"{answer.raw!r} in answer to {question!r}"


def _is_outcome(outcome: list[Any]) -> bool:
    return (outcome[0], len(outcome)) in {("ok", 2), ("error", 4), ("cancelled", 1)}


def _early(event: list[Any], now: int, rows: dict[int, Row | None]) -> Iterator[str]:
    match event:
        case ["feed" | "set" as what, int() as tick, int(), int(), _]:
            if tick > now:
                yield f"{what} of {tick} at {now}"
        case ["cancel", int() as tick, int()]:
            if tick > now:
                yield f"cancel of {tick} at {now}"
        case ["end", int() as tick, int(), int() as number, list() as outcome] if _is_outcome(outcome):
            row = rows[number]
            if tick > now or (row is not None and row.end != tick):
                yield f"end of {row.label if row else number} ({tick}) at {now}"
        case _:
            yield f"event {event!r}"


def secrets_told(heard: Overheard, secrets: dict[str, int | None]) -> list[str]:
    """Each text of `secrets` that is in what was sent before its tick; None stands for one that is never to be told."""
    found = [f"{secret!r} in the start" for secret in secrets if secret.encode() in heard.start]
    for answer in answers(heard):
        for secret, tick in secrets.items():
            if secret.encode() in answer.raw and (tick is None or answer.now is None or answer.now < tick):
                found.append(f"{secret!r} at {answer.now}, before {tick}")
    return found


def numbers_told(heard: Overheard) -> set[str]:
    """Every number that the child got to know of the world, as text: at the start and in outcomes; leases are left out."""
    start = json.loads(heard.start)
    told = {number for part in ("args", "replaced", "ticker") for number in _numbers(start[part])}
    for answer in answers(heard):
        said = json.loads(answer.raw)
        if answer.question is not None and answer.question[0] == "call":
            told.update(_numbers(said[0]))
        elif answer.question is not None and answer.question[0] == "idle":
            told.update(number for event in said[2] for number in _numbers(event[4:]))
    return told


def _numbers(said: Any) -> Iterator[str]:
    """References are numbers too, and say nothing."""
    if isinstance(said, int | float) and not isinstance(said, bool):
        yield repr(said)
    elif isinstance(said, list) and len(said) == 3 and said[0] == "r":
        yield from _numbers(said[2])
    else:
        for part in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
            yield from _numbers(part)
