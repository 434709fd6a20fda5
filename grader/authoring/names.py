"""What a course names outside of itself: patterns over a learner's source, and exceptions.

One that is not understood would never be found, and nobody would notice.
"""

import asyncio
import builtins
import re
from collections.abc import Iterator
from pathlib import Path as File

from grader.checks import check_pattern
from grader.course.check_model import RaisesCheck, SourceCheck
from grader.course.model import Exercise
from grader.course.nearest import nearest
from grader.course.yaml_marks import Path, read_yaml
from grader.errors import CourseError, Problem

# What the grader or the standard library raises under a name that is not in builtins nor in asyncio.
_ELSEWHERE = frozenset({"Overloaded", "RefusedError", "JSONDecodeError"})


def strange_names(exercise: Exercise) -> list[Problem]:
    try:
        document = read_yaml(File(exercise.folder, "exercise.yaml"))
    except CourseError:
        return []  # told where the course is read
    return [document.problem(path, message) for path, message in (*_patterns(exercise), *_exceptions(exercise))]


def _patterns(exercise: Exercise) -> Iterator[tuple[Path, str]]:
    for path, pattern in _places_of_patterns(exercise):
        wrong = check_pattern(pattern) if pattern else None
        if wrong is not None:
            yield path, f"{wrong} (in {pattern!r})"


def _places_of_patterns(exercise: Exercise) -> Iterator[tuple[Path, str]]:
    for name, entry in exercise.file.entries.items():
        for at, check in enumerate(entry.checks):
            if isinstance(check, SourceCheck):
                for rule in ("require", "forbid", "once"):
                    for number, pattern in enumerate(getattr(check.source, rule)):
                        yield ("entries", name, "checks", at, "source", rule, number), pattern
    for at, misconception in enumerate(exercise.file.misconceptions):
        if misconception.when.source is not None:
            yield ("misconceptions", at, "when", "source"), misconception.when.source


def _exceptions(exercise: Exercise) -> Iterator[tuple[Path, str]]:
    known, own = _known(), _own(exercise)
    for path, name in _places_of_exceptions(exercise):
        if name and name not in known and name not in own:
            near = nearest(name, known | own)
            remedy = f"did you mean {near!r}?" if near else "use a builtin one, or one that the exercise's files name"
            yield path, f"{name!r} is no exception that is known here; {remedy}"


def _places_of_exceptions(exercise: Exercise) -> Iterator[tuple[Path, str]]:
    for name, entry in exercise.file.entries.items():
        for at, check in enumerate(entry.checks):
            if isinstance(check, RaisesCheck):
                yield ("entries", name, "checks", at, "raises"), check.raises
    for at, misconception in enumerate(exercise.file.misconceptions):
        if misconception.when.raised is not None:
            yield ("misconceptions", at, "when", "raised"), misconception.when.raised


def _known() -> frozenset[str]:
    found = [*vars(builtins).items(), *((name, getattr(asyncio, name)) for name in asyncio.__all__)]
    return _ELSEWHERE.union(n for n, thing in found if isinstance(thing, type) and issubclass(thing, BaseException))


def _own(exercise: Exercise) -> frozenset[str]:
    """Every capitalised name in the exercise's Python files: exceptions that its world or a program makes are among them."""
    folders = [File(folder) for folder in (exercise.folder, exercise.solutions) if folder]
    files = [file for folder in folders for file in folder.rglob("*.py") if file.is_file()]
    return frozenset(word for file in files for word in re.findall(r"\b[A-Z]\w+", file.read_text("utf-8", "replace")))
