"""The `world.py` of an exercise: read and checked, and executed anew for every run.

World code never learns real time or chance: a module that imports them is refused before it runs.
"""

import ast
import builtins
import traceback
from functools import lru_cache
from types import CodeType
from typing import Any

from grader.course.yaml_marks import shown
from grader.errors import CourseError, Problem

REFUSED = frozenset(
    {
        "_thread",
        "asyncio",
        "concurrent",
        "datetime",
        "importlib",
        "multiprocessing",
        "os",
        "random",
        "secrets",
        "select",
        "selectors",
        "signal",
        "socket",
        "subprocess",
        "sys",
        "threading",
        "time",
        "uuid",
    }
)
_HIDDEN_DOORS = frozenset({"__import__", "breakpoint", "eval", "exec", "input", "open"})


def read_world_code(path: str) -> CodeType:
    """The code of the module at `path`; raises CourseError with all problems that its text shows."""
    name = shown(path)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise CourseError(Problem(name, 0, f"cannot be read: {error.strerror}")) from None
    return _compiled(data, path, name)


@lru_cache(maxsize=64)
def _compiled(data: bytes, path: str, name: str) -> CodeType:
    try:
        tree = ast.parse(data, path)
    except SyntaxError as error:
        raise CourseError(Problem(name, error.lineno or 0, "not valid Python; mend the syntax")) from None
    except ValueError:
        raise CourseError(Problem(name, 0, "not valid Python; it holds a null byte")) from None
    problems = _refused(tree, name)
    if not any(isinstance(node, ast.FunctionDef) and node.name == "build" for node in tree.body):
        problems.append(Problem(name, 1, "there is no function 'build'; add 'def build(world, v)'"))
    if problems:
        raise CourseError(problems)
    return compile(tree, path, "exec", dont_inherit=True)


def _refused(tree: ast.Module, name: str) -> list[Problem]:
    found = []
    for node in ast.walk(tree):
        for module in _imported(node):
            if module.partition(".")[0] in REFUSED:
                message = (
                    f"world code must not import {module!r}; wait with 'await world.sleep(...)' and draw in 'vars'"
                )
                found.append(Problem(name, getattr(node, "lineno", 0), message))
        if isinstance(node, ast.Name) and node.id in _HIDDEN_DOORS:
            found.append(Problem(name, node.lineno, f"world code must not use {node.id!r}; remove it"))
    return found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def build_world(path: str, world: Any, values: Any) -> dict[str, Any]:
    """What `build(world, v)` of the module at `path` returns; raises CourseError with the line of what it raised."""
    code = read_world_code(path)
    module: dict[str, Any] = {"__name__": "world", "__file__": path, "__builtins__": builtins}
    try:
        exec(code, module)
        built = module["build"](world, values)
    except Exception as error:
        line = _line_in(error, path)
        message = f"world code raised {type(error).__name__}: {error}; mend it"
        raise CourseError(Problem(shown(path), line, message)) from error
    if not isinstance(built, dict) or not set(built) <= {"gives", "replaces"}:
        message = "build() must return a dict with 'gives' and, where needed, 'replaces'"
        raise CourseError(Problem(shown(path), module["build"].__code__.co_firstlineno, message))
    return built


def _line_in(error: Exception, path: str) -> int:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return (lines[-1] or 0) if lines else 0
