"""What wears out in a course without anybody noticing: names that nothing uses, files that nothing names, dead links."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from grader.checks import EVIDENCE, kind_of
from grader.course.expressions import names_in, names_in_text
from grader.course.model import Course, Exercise
from grader.course.yaml_marks import shown
from grader.errors import Problem

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


def upkeep(exercise: Exercise) -> list[Problem]:
    """All that can be seen without running anything."""
    path = str(Path(exercise.folder, "exercise.yaml"))
    found = [Problem(path, 0, message) for message in (*_unused(exercise), *_reported_only(exercise))]
    return [
        *found,
        *_unnamed_files(exercise),
        *_missing_files(exercise),
        *dead_links(Path(exercise.folder).glob("*.md")),
    ]


# ---------------------------------------------------------------- names


def _unused(exercise: Exercise) -> Iterator[str]:
    file = exercise.file
    used = _used_names(msgspec.to_builtins(file)) | _names_in_world(exercise)
    for name in file.vars:
        if name not in used:
            yield f"var {name!r} is used nowhere; remove it"
    entries = msgspec.to_builtins(file.entries)
    called = _used_names(entries) | {entry.ticker for entry in file.entries.values()}
    for name in file.world.operations:
        if name not in called:
            yield f"operation {name!r} is given to no entry; remove it, or pass it in 'args'"
    for name in file.world.gives:
        if name not in used:
            yield f"{name!r}, which world.py gives, is used nowhere; remove it"


def _used_names(data: Any) -> set[str]:
    """Free names of all expressions in `data`, selectors' fields included."""
    if isinstance(data, str):
        return set(names_in(data)) if data.startswith("=") else _fields(data)
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
    text = Path(exercise.folder, exercise.file.world.python).read_text(encoding="utf-8")
    return set(re.findall(r"\bv\.(\w+)", text))


# ---------------------------------------------------------------- evidence


def _reported_only(exercise: Exercise) -> Iterator[str]:
    for name, entry in exercise.file.entries.items():
        weighted = [check for check in entry.checks if check.points]
        if weighted and all(EVIDENCE[kind_of(check)] == "reported" for check in weighted):
            yield (
                f"entry {name!r}: all its points hang on what the learner's side reports of itself; "
                "add a check of a witnessed kind (docs/checks.md)"
            )


# ---------------------------------------------------------------- files


def _unnamed_files(exercise: Exercise) -> Iterator[Problem]:
    named = {one.example for one in exercise.file.misconceptions}
    if exercise.solutions is not None:
        for path in sorted(Path(exercise.solutions, "wrong").glob("*.py")):
            if path.name not in named:
                yield Problem(str(path), 0, "no misconception names this file as its example; add one, or remove it")


def _missing_files(exercise: Exercise) -> Iterator[Problem]:
    if exercise.solutions is None:
        return
    solutions = Path(exercise.solutions)
    if not (solutions / "reference.py").is_file():
        yield Problem(str(solutions), 0, "there is no reference.py; add a solution that earns all points")
    for one in exercise.file.misconceptions:
        if not (solutions / "wrong" / one.example).is_file():
            path = str(Path(exercise.folder, "exercise.yaml"))
            yield Problem(
                path, 0, f"misconception {one.id!r}: its example 'wrong/{one.example}' is not there; write it"
            )


def links(course: Course) -> list[Problem]:
    """Dead links of the course's own pages: README.md, and docs/ with all that is in it."""
    home = Path(course.path).parent
    return dead_links([home / "README.md", *(home / "docs").rglob("*.md")])


def dead_links(pages: Iterable[Path]) -> list[Problem]:
    """Links to files that are not there, outside of code."""
    found: list[Problem] = []
    for page in sorted(page for page in pages if page.is_file()):
        for number, line in enumerate(_prose(page.read_text(encoding="utf-8")), 1):
            for target in _LINK.findall(line):
                if not _SCHEME.match(target) and not (page.parent / unquote(target)).exists():
                    found.append(Problem(shown(page), number, f"the link {target!r} leads nowhere; mend it"))
    return found


def _prose(text: str) -> Iterator[str]:
    """Each line, empty where it is code."""
    fenced = False
    for line in text.splitlines():
        fence = line.lstrip().startswith(("```", "~~~"))
        fenced ^= fence
        yield "" if fence or fenced else _CODE.sub("", line)
