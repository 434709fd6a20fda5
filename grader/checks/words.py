"""Words for learners: times in seconds, lines of their own file, numbers of calls.

Every time that a rationale names is written here, so they all look the same.
"""

import re
from collections.abc import Sequence

from grader.referee.ledger import Row
from grader.ticks import to_seconds

# Seven digits or more, because a short number in base sixteen may be a program's own.
_ADDRESS = re.compile(r"( at)? ?\b0x[0-9a-fA-F]{7,}")

_LOCALS = re.compile(r"[\w.<>]+\.<locals>\.")


def seconds(ticks: int) -> str:
    return f"{to_seconds(ticks):g} s"


def at(ticks: int, line: int | None) -> str:
    return f"at {seconds(ticks)}" + (f", line {line}" if line is not None else "")


def started(row: Row) -> str:
    return f"{row.label} started {at(row.start, row.line)}"


def times(number: int) -> str:
    return {0: "0 times", 1: "once", 2: "twice"}.get(number, f"{number} times")


def listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def shorten(text: str, length: int = 120) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."


def steady(text: str) -> str:
    """`text` without addresses in memory, which no two runs have alike."""
    return _ADDRESS.sub("", text) if "0x" in text else text


def plainly(text: str) -> str:
    """`text` with functions by the names that stand behind their `def`: `one`, and not `fetch.<locals>.one`."""
    return _LOCALS.sub("", text) if ".<locals>." in text else text


def article(noun: str) -> str:
    """`a task`, `an int`."""
    return f"{'an' if noun[:1].lower() in tuple('aeiou') else 'a'} {noun}"


def on_line(line: int | None, file: str | None = None) -> str:
    return "" if line is None else f", line {line}{_of(file)}"


def in_line(line: int | None, file: str | None = None) -> str:
    """`file`: an earlier one of the learner's."""
    return "" if line is None else f" in line {line}{_of(file)}"


def _of(file: str | None) -> str:
    return "" if file is None else f" of your `{file}`"
