"""A roster: who is in the class, from a CSV file whose columns are known by their usual names; all mistakes at once."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.delimited import delimiter_of, text_of
from grader.errors import UsageError
from grader.intake.columns import ROLES, Columns, columns_of
from grader.intake.model import Intake, Learner
from grader.names import alike, printable, turned

LARGEST = 64 << 20
_POINTS = "points possible"  # a row of Canvas's that is nobody


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A row of the roster; `ids` is all by which a platform may know its learner, `line` where it stands."""

    learner: Learner
    ids: tuple[str, ...]
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody by id, in the order of the file."""

    path: str
    enrolled: Mapping[str, Enrolled]


def read_roster(path: Path) -> Roster:
    """Raises UsageError, with a line for each mistake that somebody must mend."""
    name = printable(str(path))
    rows = _rows(_text(path, name), name)
    first = next(rows, None)
    if first is None:
        raise UsageError(f"{name}: is empty; its first line names the columns, for example id,name,email")
    columns = columns_of(first[1])
    if columns is None:
        known = ", ".join(role.usual for role in ROLES)
        raise UsageError(
            f"{name}:{first[0]}: no column tells who a learner is, found {_listed(first[1])}; known are {known}"
        )
    enrolled, mistakes = dict[str, Enrolled](), list[str]()
    for line, row in rows:
        _enrol(line, row, columns, enrolled, mistakes)
    mistakes += _shared_emails(enrolled)
    if mistakes:
        raise UsageError("\n".join(f"{name}:{mistake}" for mistake in mistakes))
    if not enrolled:
        raise UsageError(f"{name}: there is nobody in it; give each learner a row")
    return Roster(name, enrolled)


def _listed(cells: Sequence[str]) -> str:
    return ", ".join(repr(cell) for cell in cells[:12])


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{name}: the roster cannot be read ({error.strerror})") from None
    if len(data) > LARGEST:
        raise UsageError(f"{name}: is larger than {LARGEST >> 20} MiB; give the class's roster alone")
    try:
        return text_of(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{name}:{line}: is not UTF-8; save it as 'CSV UTF-8'") from None


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text, _known), strict=True)
    before = 0
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise UsageError(f"{name}:{before + 1}: is no CSV ({error}); look at the quotation marks there") from None


def _known(head: Sequence[str]) -> int:
    columns = columns_of(head)
    return len(columns.roles) if columns else 0


def _enrol(line: int, row: list[str], columns: Columns, enrolled: dict[str, Enrolled], mistakes: list[str]) -> None:
    if alike(row[0]) == _POINTS:
        return
    if len(row) > columns.count and any(row[columns.count :]):
        mistakes.append(
            f"{line}: has {len(row)} cells, and there are {columns.count} columns; put texts with separators into quotes"
        )
        return
    found = _enrolled(line, columns.read(row))
    if found is None:
        mistakes.append(f"{line}: does not say who it is, {columns.identity!r} is empty; fill it or take the row out")
        return
    before = enrolled.setdefault(found.learner.id, found)
    if before is not found:
        mistakes.append(
            f"{line}: {columns.identity} {found.learner.id!r} stands in line {before.line} too; give each learner one row"
        )


def _enrolled(line: int, told: Mapping[str, str]) -> Enrolled | None:
    whole = told.get("name") or " ".join(filter(None, (told.get("first"), told.get("last"))))
    reverse = f"{told['last']}, {told['first']}" if told.get("last") and told.get("first") else ""
    ids = tuple(dict.fromkeys(value for role in ROLES if role.identifies and (value := told.get(role.name))))
    identity = ids[0] if ids else whole
    if not identity:
        return None
    learner = Learner(identity, whole, told.get("email", ""), told.get("section", ""))
    names = dict.fromkeys(filter(None, (whole, reverse, turned(whole))))
    return Enrolled(learner, ids, tuple(names), line)


def _shared_emails(enrolled: Mapping[str, Enrolled]) -> Iterator[str]:
    seen = dict[str, int]()
    for one in enrolled.values():
        email = one.learner.email
        before = seen.setdefault(alike(email), one.line) if email else one.line
        if before != one.line:
            yield f"{one.line}: email {email!r} stands in line {before} too; mend one of them"


def other_names(intake: Intake) -> dict[str, set[str]]:
    """What learners are called beside their ids: names in both orders, addresses, ids of before; `alike`, with whose it is."""
    found: dict[str, set[str]] = {}
    for id, one in intake.people.items():
        for name in filter(None, (one.name, turned(one.name), one.email)):
            found.setdefault(alike(name), set()).add(id)
    for before, now in intake.former.items():
        found.setdefault(alike(before), set()).add(now)
    return found


def mashed(name: str) -> tuple[str, ...]:
    """The forms in which Canvas may write a name: no spaces, no signs, and either end first."""
    words = re.findall(r"\w+", alike(name))
    return tuple({"".join(words[at:] + words[:at]) for at in range(len(words))})
