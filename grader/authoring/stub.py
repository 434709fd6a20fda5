"""The programs as text: a stub from which a learner can begin, and solutions that are Python at all."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.authoring.programs import Program
from grader.course.model import Exercise
from grader.course.nearest import nearest
from grader.course.world_code import read_python
from grader.course.yaml_marks import read_file, shown
from grader.errors import CourseError, Problem

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def unreadable(programs: Iterable[Program]) -> dict[Path, list[Problem]]:
    """The problems of those that ought to be valid Python and are not. A wrong one may be wrong in its syntax."""
    found = {}
    for program in programs:
        if program.role != "wrong":
            try:
                read_python(read_file(program.path), shown(program.path))
            except CourseError as error:
                found[program.path] = list(error.problems)
    return found


def stub_problems(exercise: Exercise, *, sound: bool = True) -> list[Problem]:
    """What the stub lacks; nothing where it cannot be read. How its functions are called is known of a `sound` exercise."""
    path = Path(exercise.folder, f"{exercise.module}.py")
    try:
        tree = read_python(read_file(path), shown(path))
    except CourseError:
        return []
    return [Problem(shown(path), line, message) for line, message in _lacks(exercise, tree, sound)]


def _lacks(exercise: Exercise, tree: ast.Module, sound: bool) -> Iterator[tuple[int, str]]:
    functions = {node.name: node for node in tree.body if isinstance(node, _Function)}
    for name, entry in exercise.file.entries.items():
        function = functions.get(name)
        if function is None:
            near = nearest(name, functions.keys() - exercise.file.entries.keys())
            rename = f"rename {near!r}, or " if near else ""
            yield 1, f"there is no function {name!r}; {rename}write it, for learners begin here"
        if function is None or not sound:
            continue
        right = "def" if entry.kind.startswith("function") else "async def"
        if right != ("async def" if isinstance(function, ast.AsyncFunctionDef) else "def"):
            yield function.lineno, f"{name!r} is called as a {entry.kind}; write '{right} {name}'"
        if not _takes(function.args, len(entry.args)):
            plural = "argument" if len(entry.args) == 1 else "arguments"
            message = (
                f"{name!r} is called with {len(entry.args)} {plural}, and cannot take so many; change one of the two"
            )
            yield function.lineno, message


def _takes(args: ast.arguments, count: int) -> bool:
    most = len(args.posonlyargs) + len(args.args)
    needed = sum(default is None for default in args.kw_defaults)
    return most - len(args.defaults) <= count and (count <= most or args.vararg is not None) and not needed
