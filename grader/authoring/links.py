"""Links within a course: a page, a heading of a page, or a file that is named has to be there.

Links out of the course are nobody's promise; they are let alone.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from grader.course.model import Course, Exercise
from grader.course.yaml_marks import Document, shown
from grader.errors import Problem

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"""\]\(\s*<?([^)\s>]*)>?(?:\s+["'][^)]*)?\)""")  # [text](target "title")
_DEFINITION = re.compile(r"\s{0,3}\[[^\]]+\]:\s+<?([^\s>]+)>?")  # [label]: target
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*")
_ANCHOR = re.compile(r"""<\w+\s[^>]*\b(?:id|name)=["']([^"']+)["']""")
_NO_SLUG = re.compile(r"[^\w\- ]")


def links(course: Course) -> list[Problem]:
    """Dead links of the course's own pages: those beside course.yaml, and docs/ with all that is in it."""
    home = Path(course.path).parent
    return dead_links([*home.glob("*.md"), *(home / "docs").rglob("*.md")])


def exercise_links(exercise: Exercise, document: Document | None) -> list[Problem]:
    """Dead links of the exercise's pages, of what it tells learners in `prompt` and `hints`, and of its `docs`."""
    folder = Path(exercise.folder)
    problems = dead_links(folder.glob("*.md"))
    if document is None:
        return problems
    lines = (folder / "exercise.yaml").read_text(encoding="utf-8", errors="replace").splitlines()
    for path, text in (
        (("prompt",), exercise.file.prompt),
        *((("hints", n), t) for n, t in enumerate(exercise.file.hints)),
    ):
        for _, target in _targets(_prose(text, indented=True)):
            if _is_dead(target, folder, None):
                # a text may be folded or quoted: its line is where the target stands
                first = document.line(path)
                line = next((n for n, said in enumerate(lines[first - 1 :], first) if target in said), first)
                problems.append(Problem(document.name, line, _message(target)))
    for at, target in enumerate(exercise.file.docs):
        if _is_dead(target, folder, None):
            problems.append(document.problem(("docs", at), _message(target)))
    return problems


def dead_links(pages: Iterable[Path]) -> list[Problem]:
    """Links to files and headings that are not there, outside of code."""
    return [
        Problem(shown(page), number, _message(target))
        for page in sorted(page for page in pages if page.is_file())
        for number, target in _targets(_prose(page.read_text(encoding="utf-8", errors="replace")))
        if _is_dead(target, page.parent, page)
    ]


def _message(target: str) -> str:
    return f"the link {target!r} leads nowhere; mend it"


def _targets(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Every target with its line, counted from 1."""
    for number, line in enumerate(lines, 1):
        definition = _DEFINITION.match(line)
        if definition is not None:
            yield number, definition[1]
        yield from ((number, target) for target in _LINK.findall(line))


def _is_dead(target: str, folder: Path, page: Path | None) -> bool:
    """`page` is where the target stands, if that is a page: `#part` alone is one of its headings."""
    if _SCHEME.match(target):
        return False
    name, _, part = target.partition("#")
    file = folder / unquote(name) if name else page
    if file is None or not os.path.exists(file):  # which is no error where a name is too long for one
        return True
    return bool(part) and file.suffix == ".md" and unquote(part).lower() not in _anchors(file)


def _anchors(page: Path) -> frozenset[str]:
    """The names under which the headings of a page can be reached, made as GitHub makes them."""
    found: dict[str, None] = {}
    for line in _unfenced(page.read_text(encoding="utf-8", errors="replace")):
        found.update(dict.fromkeys(name.lower() for name in _ANCHOR.findall(line)))
        heading = _HEADING.fullmatch(line)
        if heading is None:
            continue
        slug = _NO_SLUG.sub("", re.sub(r"\]\([^)]*\)", "", heading[1]).lower()).strip().replace(" ", "-")
        count = sum(name == slug or re.fullmatch(re.escape(slug) + r"-\d+", name) is not None for name in found)
        found[f"{slug}-{count}" if count else slug] = None
    return frozenset(found)


def _prose(text: str, *, indented: bool = False) -> Iterator[str]:
    """Each line, empty where it is code; with `indented`, a line that stands in by four is code as well."""
    for line in _unfenced(text):
        yield "" if indented and line.startswith("    ") else _CODE.sub("", line)


def _unfenced(text: str) -> Iterator[str]:
    fenced = False
    for line in text.splitlines():
        fence = line.lstrip().startswith(("```", "~~~"))
        fenced ^= fence
        yield "" if fence or fenced else line
