"""Extensions: which learner has more time for what, in a file of its own, because learners' names are not part of a course.

A CSV file with a head, whatever separates its cells, or a YAML list under `extensions`, of: `learner`; `exercise` (an exercise
or a unit; all of them where that is empty); and one of `due` (a date with its time zone), `days` and `hours` (more).
"""

import csv
import io
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course.as_written import load_as_written
from grader.course.due import read_due
from grader.course.model import Course, Exercise
from grader.course.nearest import did_you_mean, nearest
from grader.course.yaml_marks import parse_yaml, read_file, shown
from grader.delimited import delimiter_of, text_of
from grader.errors import CourseError, Problem
from grader.gradebook.lateness import Extension
from grader.names import alike, turned

_NOBODY: Mapping[str, Collection[str]] = {}
COLUMNS = ("learner", "exercise", "due", "days", "hours")
MOST_DAYS = 3660
_LISTED = 12  # of a class nobody reads all ids


Place = tuple[str, str]  # whose it is, as the file has it, and what it is for: an exercise, a unit, or all of it ("")


@dataclass(frozen=True, slots=True)
class Extensions:
    """`given` and its `lines` by whose it is and what it is for."""

    given: Mapping[Place, Extension]
    lines: Mapping[Place, int]
    name: str

    def of(self, learner: str, exercise: Exercise) -> Extension | None:
        """The one that says most exactly what it is for."""
        for what in (exercise.slug, exercise.unit, ""):
            if (learner, what) in self.given:
                return self.given[(learner, what)]
        return None

    def by_id(self, learners: Iterable[str], others: Mapping[str, Collection[str]]) -> "Extensions":
        """The same with ids for learners. `others` has whose other names (a name, an address, an id of before) are, as `alike`.

        A name that one learner alone has is that learner; what stands there under the id itself goes before, and of two names
        the one that stands first.
        """
        kept = self._kept(set(learners), others)
        return Extensions(
            {place: self.given[there] for place, there in kept.items()},
            {place: self.lines[there] for place, there in kept.items()},
            self.name,
        )

    def strangers(self, learners: Iterable[str], others: Mapping[str, Collection[str]] = _NOBODY) -> list[Problem]:
        """A line for each name that nobody of the class has, or that several have: a slip would cost somebody points.

        And one for each that does not count beside another, which has the same learner by another name.
        """
        known = set(learners)
        first: dict[str, int] = {}
        for (learner, _), line in self.lines.items():
            first.setdefault(learner, line)
        found = [
            Problem(self.name, line, _unknown(learner, known, others))
            for learner, line in first.items()
            if learner not in known and _whose(learner, known, others) is None
        ]
        kept = self._kept(known, others)
        for there, line in self.lines.items():
            place = _at(there, known, others)
            if kept[place] != there:
                counts = f"{place[0]!r} has more time for the same in line {self.lines[kept[place]]}, and that counts"
                found.append(Problem(self.name, line, f"{there[0]!r} is {place[0]!r}, and {counts}; keep one of them"))
        return sorted(found, key=lambda problem: problem.line)

    def _kept(self, known: Collection[str], others: Mapping[str, Collection[str]]) -> dict[Place, Place]:
        """By the id, where it is known, the one that counts."""
        found: dict[Place, Place] = {}
        for there in sorted(self.given, key=lambda place: place[0] not in known):
            found.setdefault(_at(there, known, others), there)
        return found


def _at(place: Place, known: Collection[str], others: Mapping[str, Collection[str]]) -> Place:
    return _whose(place[0], known, others) or place[0], place[1]


def _whose(name: str, known: Collection[str], others: Mapping[str, Collection[str]]) -> str | None:
    """The id for which a name stands that is no id."""
    found = _called(name, others) if name not in known else set()
    return next(iter(found)) if len(found) == 1 else None


def _called(name: str, others: Mapping[str, Collection[str]]) -> set[str]:
    """Who is called so, in this order of names or in the other one."""
    return {*others.get(alike(name), ()), *others.get(alike(turned(name)), ())}


def _unknown(name: str, known: Collection[str], others: Mapping[str, Collection[str]]) -> str:
    several = sorted(_called(name, others))
    if several:
        return f"several learners here are called {name!r}: {', '.join(several)}; write the id, this line counts for nobody"
    said = f"no learner here is called {name!r}"
    near = None if nearest(name, known) else nearest(alike(name), others)
    if near is not None:
        return f"{said}; did you mean {near!r} ({', '.join(sorted(others[near]))})?"
    if len(known) > _LISTED and not nearest(name, known):
        return f"{said}; none of the {len(known)} has an id or a name like it"
    return f"{said}{did_you_mean(name, known)}"


def read_extensions(path: str | Path, course: Course) -> Extensions:
    """Raises CourseError with all that is wrong in the file."""
    name = shown(path)
    rows = list(_yaml(path) if str(path).endswith((".yaml", ".yml")) else _csv(path, name))
    known = {unit.id for unit in course.file.units} | {exercise.slug for exercise in course.exercises}
    given: dict[Place, Extension] = {}
    lines: dict[Place, int] = {}
    problems: list[Problem] = []
    for line, row in rows:
        try:
            place, extension = _read(row, known)
        except ValueError as error:
            problems.append(Problem(name, line, str(error)))
            continue
        if place in given:
            problems.append(Problem(name, line, f"{place[0]!r} has two extensions for the same; keep one"))
        given[place] = extension
        lines[place] = line
    if problems:
        raise CourseError(problems)
    return Extensions(given, lines, name)


def _csv(path: str | Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = text_of(read_file(path))
    except UnicodeDecodeError:
        raise CourseError(Problem(name, 0, "is not UTF-8; save it as UTF-8")) from None
    delimiter = delimiter_of(text, lambda head: len({cell.strip() for cell in head}.intersection(COLUMNS)))
    reader: csv.DictReader[str] = csv.DictReader(io.StringIO(text, newline=""), (), delimiter=delimiter)
    head = [cell.strip() for cell in next(filter(None, reader.reader), [])]  # blank lines may stand before it
    reader.fieldnames, line = head, max(reader.reader.line_num, 1)
    unknown = [column for column in head if column not in COLUMNS]
    if unknown:
        raise CourseError(Problem(name, line, f"unknown column {unknown[0]!r}{did_you_mean(unknown[0], COLUMNS)}"))
    if "learner" not in head:
        raise CourseError(
            Problem(name, line, "there is no column 'learner'; begin with a line such as learner,exercise,days")
        )
    for row in reader:
        if None in row:
            raise CourseError(
                Problem(name, reader.line_num, "has more cells than the head; quote texts that hold a comma")
            )
        if any(row.values()):  # a line of separators alone is one that a spreadsheet left
            yield reader.line_num, {key: (value or "").strip() for key, value in row.items()}


def _yaml(path: str | Path) -> Iterator[tuple[int, dict[str, str]]]:
    data = read_file(path)
    document = parse_yaml(data, shown(path))
    if document.problems:
        raise CourseError(document.problems)
    listed: Any = document.data.get("extensions") if isinstance(document.data, dict) else None
    if not isinstance(listed, list):
        raise CourseError(document.problem((), "there is no list under 'extensions'; write one"))
    for at, row in enumerate(listed):
        place = ("extensions", at)
        if not isinstance(row, dict):
            raise CourseError(document.problem(place, "is no mapping; write learner, exercise, and due, days or hours"))
        for key in row:
            if key not in COLUMNS:
                raise CourseError(document.problem((*place, key), f"unknown key {key!r}{did_you_mean(key, COLUMNS)}"))
        cells = {key: "" if value is None else str(value) for key, value in row.items()}
        if not isinstance(row.get("learner", ""), str):  # a number, to YAML: 0123 would be 83
            cells["learner"] = str(load_as_written(data)["extensions"][at]["learner"] or "")
        yield document.line(place), cells


def _read(row: Mapping[str, str], known: set[str]) -> tuple[Place, Extension]:
    learner, what = row.get("learner", ""), row.get("exercise", "")
    if not learner:
        raise ValueError("there is no learner; write the name as the class has it")
    if what and what not in known:
        raise ValueError(f"there is no exercise or unit {what!r}{did_you_mean(what, known)}")
    stated = {key: row[key] for key in ("due", "days", "hours") if row.get(key)}
    if len(stated) != 1:
        found = ", ".join(stated) or "none of them"
        raise ValueError(f"one of due, days and hours is needed, and there is {found}")
    [(key, value)] = stated.items()
    return (learner, what), _KINDS[key](value)


def _due(text: str) -> Extension:
    try:
        return Extension(due=read_due(text))
    except ValueError as error:
        raise ValueError(f"'due' is {text!r}, which {error}") from None


def _days(text: str) -> Extension:
    return Extension(days=int(_number("days", text, text.isdecimal())))


def _hours(text: str) -> Extension:
    return Extension(hours=_number("hours", text, True))


def _number(key: str, text: str, fits: bool) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    most = MOST_DAYS * (24 if key == "hours" else 1)
    if not (fits and 0 < number <= most):
        kind = "whole number" if key == "days" else "number"
        raise ValueError(f"{key!r} is {text!r}; it must be a {kind}, more than 0 and at most {most}")
    return number


_KINDS: Mapping[str, Callable[[str], Extension]] = {"due": _due, "days": _days, "hours": _hours}
