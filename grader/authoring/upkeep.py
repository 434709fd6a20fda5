"""What wears out in a course without anybody noticing: names that nothing uses, files that nothing names, dead links."""

import os
import re
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import msgspec

from grader.authoring.links import exercise_links
from grader.authoring.programs import programs_of
from grader.authoring.stub import stub_problems, unreadable
from grader.checks import evidence_of
from grader.course.expressions import names_in_text, names_written
from grader.course.model import Exercise
from grader.course.yaml_marks import Document, Path, read_yaml, shown
from grader.errors import CourseError, Problem

Found = Iterator[tuple[Path, str]]


def upkeep(exercise: Exercise, *, sound: bool = True) -> list[Problem]:
    """All that can be seen without running anything. Where the exercise is not `sound`, what hangs on all of it is left out."""
    document = _document(exercise)
    found = [
        *_missing_files(exercise, document),
        *stub_problems(exercise, sound=sound),
        *exercise_links(exercise, document),
    ]
    for problems in unreadable(programs_of(exercise)).values():
        found += problems
    if not sound:
        return found
    seen = (*_unused(exercise), *_reported_only(exercise))
    if document is not None:
        found += [document.problem(path, message) for path, message in seen]
    return [*found, *_unnamed_files(exercise)]


def _document(exercise: Exercise) -> Document | None:
    """`exercise.yaml` as it is written; None where it cannot be read."""
    try:
        return read_yaml(File(exercise.folder, "exercise.yaml"))
    except CourseError:
        return None


# ---------------------------------------------------------------- names


def _unused(exercise: Exercise) -> Found:
    file = exercise.file
    used = _used_names(msgspec.to_builtins(file)) | _names_in_world(exercise)
    for name in file.vars:
        if name not in used:
            yield ("vars", name), f"var {name!r} is used nowhere; remove it"
    entries = msgspec.to_builtins(file.entries)
    called = _used_names(entries) | {entry.ticker for entry in file.entries.values()}
    called |= {name for module in file.world.modules.values() for name in module.operations}
    called |= {"sleep"} if "asyncio.sleep" in file.world.replaces else set()
    for name in file.world.operations:
        if name not in called:
            message = f"operation {name!r} is given to no entry; remove it, or pass it in 'args'"
            yield ("world", "operations", name), message
    for at, name in enumerate(file.world.gives):
        if name not in used:
            yield ("world", "gives", at), f"{name!r}, which world.py gives, is used nowhere; remove it"


def _used_names(data: Any) -> set[str]:
    """Free names of all expressions in `data`, selectors' fields included."""
    if isinstance(data, str):
        return set(names_written(data)) if data.startswith("=") else _fields(data)
    if isinstance(data, dict):
        return set().union(*map(_used_names, data.values()))
    if isinstance(data, list | tuple):
        return set().union(*map(_used_names, data))
    return set()


def _fields(text: str) -> set[str]:
    try:
        return set(names_in_text(text))
    except ValueError:  # prose with braces in it
        return set()


def _names_in_world(exercise: Exercise) -> set[str]:
    if exercise.file.world.python is None:
        return set()
    text = File(exercise.folder, exercise.file.world.python).read_text(encoding="utf-8", errors="replace")
    return set(re.findall(r"\bv\.(\w+)", text))


# ---------------------------------------------------------------- evidence


def _reported_only(exercise: Exercise) -> Found:
    for name, entry in exercise.file.entries.items():
        weighted = [check for check in entry.checks if check.points]
        if weighted and all(evidence_of(check) == "reported" for check in weighted):
            message = (
                f"entry {name!r}: all its points hang on what the learner's side reports of itself; "
                "add a check of a witnessed kind (docs/checks.md)"
            )
            yield ("entries", name), message


# ---------------------------------------------------------------- files


def _unnamed_files(exercise: Exercise) -> Iterator[Problem]:
    named = {one.example for one in exercise.file.misconceptions}
    if exercise.solutions is not None:
        for path in sorted(File(exercise.solutions, "wrong").glob("*.py")):
            if path.name not in named:
                message = "no misconception names this file as its example; add one, or remove it"
                yield Problem(shown(path), 0, message)


def _missing_files(exercise: Exercise, document: Document | None) -> Iterator[Problem]:
    if exercise.solutions is None:
        return
    solutions = File(exercise.solutions)
    if not (solutions / "reference.py").is_file():
        yield Problem(shown(solutions), 0, "there is no reference.py; add a solution that earns all points")
    for at, one in enumerate(exercise.file.misconceptions):
        if one.example and document is not None and not os.path.isfile(solutions / "wrong" / one.example):
            message = f"misconception {one.id!r}: its example 'wrong/{one.example}' is not there; write it"
            yield document.problem(("misconceptions", at, "example"), message)
