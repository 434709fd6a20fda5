"""YAML that knows its lines: plain data, and for every path in it the line on which an author wrote it.

Only what reads the same to a person and to YAML passes: no duplicate keys, no keys that are not text, no tags, no
numbers in disguise, and no aliases that grow without bounds.
"""

import os
import re
from dataclasses import replace
from typing import Any

from grader.course.document import Document, Path, cut
from grader.course.nodes import MAX_DEPTH, MAX_NODES, document_of
from grader.errors import CourseError, Problem

__all__ = ["MAX_NODES", "Document", "Path", "parse_yaml", "read_file", "read_yaml", "shown"]

MAX_BYTES = 1_000_000
MAX_COMPOSED = 500
MAX_BLOCKS = 20
_BLOCK = re.compile(r"[^\s#\-\]}.%].*")
_NAME = re.compile(r"""["']?([\w-]+)["']?\s*:(\s|$)""")


def shown(path: str | os.PathLike[str]) -> str:
    """A file's name as errors call it: relative where it lies below the present folder."""
    relative = os.path.relpath(path)
    return os.path.abspath(path) if relative.startswith("..") else relative


def read_file(path: str | os.PathLike[str]) -> bytes:
    """The bytes of one of the course's files; raises CourseError where they cannot be read, or are too many."""
    if not os.path.isfile(path) and os.path.exists(path):  # a pipe would be waited for
        raise CourseError(Problem(shown(path), 0, "is not a file; put one in its place"))
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(Problem(shown(path), 0, f"cannot be read: {error.strerror}")) from None
    if len(data) > MAX_BYTES:
        raise CourseError(Problem(shown(path), 0, f"the file is larger than {MAX_BYTES} bytes; make it smaller"))
    return data


def read_yaml(path: str | os.PathLike[str]) -> Document:
    """Read a file; raises CourseError only where it holds nothing that can be looked at."""
    return parse_yaml(read_file(path), shown(path))


def parse_yaml(data: bytes, name: str) -> Document:
    """The same for bytes at hand. A byte order mark and Windows line ends are as good as none."""
    text, problems = _decode(data, name)
    try:
        document = _document(text, name, spoilt=bool(problems))
    except CourseError as error:
        raise CourseError(problems or error.problems) from None
    return replace(document, problems=(*problems, *document.problems))


def _decode(data: bytes, name: str) -> tuple[str, list[Problem]]:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        return text, [Problem(name, line, message)]


class _Unreadable(Exception):
    """Text that is not YAML. `line` is where its mistake begins, from 1 on; 0 if that is not known."""

    def __init__(self, problem: Problem, line: int):
        super().__init__(problem.message)
        self.problem, self.line = problem, line


def _document(text: str, name: str, *, spoilt: bool) -> Document:
    try:
        node = _compose(text, name)
    except _Unreadable as error:
        return _readable_part(text, name, error, spoilt=spoilt)
    if node is None:
        raise CourseError(Problem(name, 1, "the file is empty; it needs at least 'schema: 1'"))
    return document_of(node, name, spoilt=spoilt)


def _readable_part(text: str, name: str, error: _Unreadable, *, spoilt: bool) -> Document:
    """The document without the top-level keys whose text is not YAML; raises CourseError where nothing is sure then.

    A mistake such as a quote that is never closed may swallow whole keys: so all others must have been found.
    """
    lines, problems = text.split("\n"), [error.problem]
    starts = [at for at, line in enumerate(lines) if _BLOCK.match(line)]
    lost: dict[str, int] = {}
    for _ in range(MAX_BLOCKS):
        start = max((at for at in starts if at < error.line), default=None)
        named = _NAME.match(lines[start]) if start is not None else None
        if start is None or named is None:
            break
        lost[named[1]] = start + 1
        starts.remove(start)
        end = min((at for at in starts if at > start), default=len(lines))
        lines[start:end] = [""] * (end - start)
        try:
            node = _compose("\n".join(lines), name)
        except _Unreadable as another:
            if another.line <= start:
                break
            if "undefined alias" not in str(another):  # its anchor may be among what was taken out
                problems.append(another.problem)
            error = another
            continue
        if node is None or node.id != "mapping" or {key.start_mark.line for key, _ in node.value} != set(starts):
            break
        return _with_lost(document_of(node, name, spoilt=spoilt), lost, problems)
    raise CourseError(problems[0])


def _with_lost(document: Document, lost: dict[str, int], problems: list[Problem]) -> Document:
    return replace(
        document,
        data={**dict.fromkeys(lost), **document.data},
        lines={**{(key,): line for key, line in lost.items()}, **document.lines},
        problems=(*problems, *document.problems),
        broken=document.broken | {(key,) for key in lost},
    )


def _compose(text: str, name: str) -> Any:
    # Imported late: most of what the grader does after the start needs no YAML.
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_depth(text, name, loader)
        return yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if _NO_COLON in (error.problem or ""):  # it is missed behind the key, and seen in the next line
            mark = error.context_mark or mark
        line = mark.line + 1 if mark is not None else 0
        raise _Unreadable(
            Problem(name, line, cut(f"not valid YAML: {_reason(error)}")), _begin(error) or line
        ) from None
    except yaml.YAMLError as error:
        line = _line_of_reader(text, error)
        raise _Unreadable(Problem(name, line, cut(f"not valid YAML: {_reason(error)}")), line) from None
    except RecursionError:
        raise CourseError(Problem(name, 0, "not valid YAML: too deeply nested; write it flatter")) from None


def _begin(error: Any) -> int:
    """Where a bracket or a quote was opened that is closed nowhere."""
    opened = error.context_mark is not None and re.search("flow|quoted", error.context or "")
    return error.context_mark.line + 1 if opened else 0


def _check_depth(text: str, name: str, loader: Any) -> None:
    """Composing recurses in C, and would overflow the stack; reading the events one by one does not."""
    if sum(map(text.count, ("[", "{", "- ", "? "))) < MAX_COMPOSED and "  " * MAX_COMPOSED not in text:
        return
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark is not None else 0
            raise CourseError(Problem(name, line, "too deeply nested; write it flatter"))


def _reason(error: Exception) -> str:
    parts = [getattr(error, "context", None), getattr(error, "problem", None) or getattr(error, "reason", None)]
    text = ", ".join(part for part in parts if isinstance(part, str)) or "it cannot be read"
    for sign, remedy in _REMEDIES.items():
        if sign in text:
            return f"{text}; {remedy}"
    return f"{text}; check the quotes, the brackets and how far the lines are indented"


_NO_COLON = "could not find expected ':'"
_REMEDIES = {
    "cannot start any token": "indent with spaces, not tabs, and quote texts that begin with a special character",
    "tab character": "indent with spaces",
    "mapping values are not allowed": "quote texts that hold ': ', and indent keys alike",
    _NO_COLON: "put ': ' after the key, or indent a text that goes on",
    "flow": "close the bracket, and put ',' between items",
    "quoted scalar": "close the quote",
    "undefined alias": "quote texts that begin with '*'",
    "duplicate anchor": "quote texts that begin with '&'",
    "another document": "remove the line '---'",
    "control characters": "remove them",
}


def _line_of_reader(text: str, error: Exception) -> int:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
