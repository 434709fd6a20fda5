"""Where an nbgrader course says that its course is: read in the text of its `nbgrader_config.py`, which is not run for that."""

import ast
from collections.abc import Iterable
from pathlib import Path

CONFIG = "nbgrader_config.py"


def course_of(paths: Iterable[Path]) -> str | None:
    """The one that the nbgrader course names which is all that is given; None where that is another thing, or names none."""
    said = {course_said_in(path) for path in paths}
    return said.pop() if len(said) == 1 else None


def course_said_in(folder: Path) -> str | None:
    """None where there is no such file, or it says nothing that can be read."""
    try:
        text = (folder / CONFIG).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = _place(text)
    if found is None or not found.value:
        return None
    return str(folder / str(found.value))


def with_course(text: str, course: str) -> str:
    """The same configuration with `course` as the place; where it says none that can be read, as it is."""
    found = _place(text)
    if found is None or found.value == course:
        return text
    lines = text.split("\n")
    line = lines[found.lineno - 1].encode()
    new = repr(course).encode()
    if found.end_lineno != found.lineno:
        return text
    lines[found.lineno - 1] = (line[: found.col_offset] + new + line[found.end_col_offset :]).decode()
    first = lines[0].replace(repr(found.value), repr(course)) if lines[0].startswith('"""') else lines[0]
    return "\n".join([first, *lines[1:]])


def _place(text: str) -> ast.Constant | None:
    """The last of `configure(c, course="...")` and `c.GradeExercises.course = "..."`."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="configure"), keywords=keywords):
                found += [one.value for one in keywords if one.arg == "course"]
            case ast.Assign(targets=[ast.Attribute(value=ast.Attribute(attr="GradeExercises"), attr="course")]):
                found.append(node.value)
    texts = [one for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return texts[-1] if texts and len(texts) == len(found) else None
