"""What is left to fill in of a draft: places of its YAML files that are marked TODO."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.course.model import Course
from grader.course.yaml_marks import shown

# as a mark stands there: before a colon, or all of a value; an exercise may well be about a list of todos
MARK = re.compile(r"\bTODO(?=[:\"'\],]|\s*$)")


def marks_in(text: str) -> Iterator[int]:
    """The line of each mark."""
    for number, line in enumerate(text.splitlines(), 1):
        yield from (number for _ in MARK.finditer(line))


def todos(course: Course, only: str | None = None) -> dict[str, Sequence[int]]:
    """The lines of all marks by file: of `course.yaml`, and of what the exercises have; `only` names one of these."""
    chosen = [one for one in course.exercises if only in (None, one.slug)]
    folders = [folder for one in chosen for folder in (one.folder, one.solutions) if folder is not None]
    files = [path for folder in folders for path in sorted(Path(folder).glob("*.yaml"))]
    if only is None:
        files.insert(0, Path(course.path))
    found = {shown(path): list(marks_in(_text(path))) for path in files}
    return {path: lines for path, lines in found.items() if lines}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def told(found: dict[str, Sequence[int]]) -> Iterator[str]:
    """A line for each file, and how many there are."""
    for path, lines in found.items():
        places = ", ".join(map(str, dict.fromkeys(lines)))
        yield f"{path}:{lines[0]}: marked TODO in line{'s' if len(set(lines)) > 1 else ''} {places}; fill it in"
    count = sum(map(len, found.values()))
    yield f"{count} place{' is' if count == 1 else 's are'} marked TODO"
