"""Proofreading of `submissions` in `course.yaml`: the pattern names only what there is, and tells exercises apart."""

import re
from collections.abc import Iterator, Sequence

from grader.course.document import Path
from grader.course.model import CourseFile, Exercise
from grader.course.salvage import Salvaged
from grader.errors import Problem

_PLACE: Path = ("submissions", "files")


def proofread_submissions(course: Salvaged[CourseFile], exercises: Sequence[Exercise]) -> list[Problem]:
    said = course.value.submissions
    if said is None or not course.sure(*_PLACE):
        return []
    told = list(_fields(said.files)) or list(_same_place(said.files, exercises))
    return [course.document.problem(_PLACE, message) for message in told]


def _fields(pattern: str) -> Iterator[str]:
    for field in sorted(set(re.findall(r"\{[^{}]*\}?|\}", pattern)) - {"{within}", "{module}"}):
        yield f"'files' has {field!r}; it may have {{within}} and {{module}}"
    if "{module}" not in pattern:
        yield f"'files' is {pattern!r}, which finds the same for all exercises; write {{module}} where the file's name stands"
    if "\\" in pattern or ".." in pattern.split("/"):
        yield f"'files' is {pattern!r}; it is a path in what a learner hands in, with '/' between folders and without '..'"


def _same_place(pattern: str, exercises: Sequence[Exercise]) -> Iterator[str]:
    first: dict[tuple[str, str], str] = {}
    for exercise in exercises:
        within = (exercise.file.within or "").lower() if "{within}" in pattern else ""
        other = first.setdefault((within, exercise.module), exercise.slug)
        if other != exercise.slug:
            remedy = "give them another 'module' or 'within'" if "{within}" in pattern else "write {within} as well"
            yield f"'files' finds the same file for {other!r} and {exercise.slug!r}; {remedy}"
