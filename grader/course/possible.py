"""`possible.json`: what the reference did on the visible cases, recorded beside the exercise.

It belongs to exactly one text of the exercise, which its digest names; a stale one must not be shown to learners.
"""

import hashlib
import os
from functools import lru_cache
from typing import Any

import msgspec

from grader.course.cases import hidden_count, left_to_draw
from grader.course.contents import contents
from grader.course.model import Case, Exercise
from grader.course.names import EXERCISE
from grader.course.yaml_marks import MAX_BYTES, read_file, shown
from grader.errors import CourseError, Problem

FORMAT = 1
FILE = "possible.json"


class PossibleRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One operation; `start` and `end` in ticks, `end` None if it never ended."""

    operation: str
    key: Any
    start: int
    end: int | None


class PossibleRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry in one case; `returned` in ticks. `drawn` is what `drawn_in` gives of the case; older files have none."""

    returned: int | None
    rows: tuple[PossibleRow, ...]
    drawn: str | None = None


class Possible(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, by `entry/case id`. `hidden` is the number of cases that only the instructor's side has."""

    format: int
    digest: str
    hidden: int
    runs: dict[str, PossibleRun]


def possible(exercise: Exercise, runs: dict[str, PossibleRun]) -> Possible:
    """`runs` as they belong to the exercise as it stands."""
    return Possible(FORMAT, digest_of(exercise), hidden_count(exercise), runs)


def drawn_in(exercise: Exercise, case: Case) -> str | None:
    """SHA-256 of the values that `case` has from its seed; None where it has none from there.

    What is possible with some values is not what is possible with others.
    """
    specs = exercise.hidden if case.hidden else exercise.file.cases
    spec = next((one for one in specs if one.name == case.name), None)
    names = left_to_draw(exercise, spec) if spec is not None else []
    if not names:
        return None
    return hashlib.sha256(_written({name: case.values[name] for name in names}).encode()).hexdigest()


def _written(value: Any) -> str:
    """The same for the same value in every process: a set has no order of its own."""
    if isinstance(value, dict):
        return f"{{{','.join([f'{_written(key)}:{_written(one)}' for key, one in value.items()])}}}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({','.join([_written(one) for one in value])})"
    if isinstance(value, set | frozenset):
        return f"set({','.join(sorted([_written(one) for one in value]))})"
    return ascii(value)


def digest_of(exercise: Exercise) -> str:
    """SHA-256 of the texts that decide what is possible; line ends do not count."""
    names = (EXERCISE, exercise.file.world.python)
    return _digest(tuple((name, _text(os.path.join(exercise.folder, name))) for name in names if name is not None))


def _text(path: str) -> bytes:
    text = contents(path)
    if text is not None:
        return text
    with open(path, "rb") as file:  # which says why there is none
        return file.read()


@lru_cache(maxsize=64)
def _digest(texts: tuple[tuple[str, bytes], ...]) -> str:
    digest = hashlib.sha256()
    for name, text in texts:
        plain = text.replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(plain)}\0".encode() + plain)
    return digest.hexdigest()


def is_stale(exercise: Exercise, found: Possible) -> bool:
    """Whether the exercise has changed since; hidden cases count only where they are at hand."""
    moved = exercise.solutions is not None and found.hidden != hidden_count(exercise)
    return moved or found.digest != digest_of(exercise)


def load_possible(exercise: Exercise) -> Possible | None:
    """What was recorded, None if nothing was; raises CourseError where the file cannot be read."""
    path = os.path.join(exercise.folder, FILE)
    try:
        data = contents(path)
    except OSError:
        data = None
    if data is None and not os.path.lexists(path):
        return None
    if data is None or len(data) > MAX_BYTES:
        data = read_file(path)  # which says what is wrong with it
    try:
        found = _decoded(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CourseError(Problem(shown(path), 0, f"cannot be read: {error}; {_REMEDY}")) from None
    if found.format != FORMAT:
        message = f"format {found.format} is not known, this grader reads {FORMAT}; {_REMEDY}"
        raise CourseError(Problem(shown(path), 0, message))
    return found


@lru_cache(maxsize=64)
def _decoded(data: bytes) -> Possible:
    return msgspec.json.decode(data, type=Possible)


_REMEDY = "record it anew with 'grader validate --write'"


def save_possible(exercise: Exercise, found: Possible) -> str:
    """Write it beside the exercise and return its path; a change shows as changed lines, one an operation.

    Raises CourseError where it cannot be written.
    """
    path = os.path.join(exercise.folder, FILE)
    if os.path.lexists(path) and not os.path.isfile(path):
        raise CourseError(Problem(shown(path), 0, "is not a file; remove it"))
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text_of(found))
    except OSError as error:
        message = f"cannot be written: {error.strerror}; make room for it, or the folder writable"
        raise CourseError(Problem(shown(path), 0, message)) from None
    return path


def text_of(found: Possible) -> str:
    """The file's text: runs in alphabetical order, rows in their own."""
    runs = ",\n".join(f"    {_json(name)}: {_run(run)}" for name, run in sorted(found.runs.items()))
    head = f'  "format": {found.format},\n  "digest": {_json(found.digest)},\n  "hidden": {found.hidden},\n'
    return "{\n" + head + '  "runs": {' + (f"\n{runs}\n  " if runs else "") + "}\n}\n"


def _run(run: PossibleRun) -> str:
    rows = ",\n".join(f"        {_json(row)}" for row in run.rows)
    drawn = "" if run.drawn is None else f'      "drawn": {_json(run.drawn)},\n'
    return (
        f'{{\n{drawn}      "returned": {_json(run.returned)},\n      "rows": ['
        + (f"\n{rows}\n      " if rows else "")
        + "]\n    }"
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
