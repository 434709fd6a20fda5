"""The `world.py` of an exercise: read and checked, and executed anew for every run.

World code never learns real time or chance: a module that imports them is refused before it runs.
"""

import ast
import builtins
import traceback
import warnings
from functools import lru_cache
from types import CodeType
from typing import Any

from grader.course.document import cut
from grader.course.yaml_marks import read_file, shown
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
    return _compiled(read_file(path), path)


def read_python(data: bytes, name: str) -> ast.Module:
    """The tree of a module of the author's; raises CourseError with the line where it is not valid Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data, name)
    except SyntaxError as error:
        raise CourseError(Problem(name, error.lineno or 0, "not valid Python; mend the syntax")) from None
    except ValueError:
        raise CourseError(Problem(name, 0, "not valid Python; it holds a null byte")) from None
    except (RecursionError, MemoryError):
        raise CourseError(Problem(name, 0, "too deeply nested; write it flatter")) from None


@lru_cache(maxsize=64)
def _compiled(data: bytes, path: str) -> CodeType:
    name = shown(path)
    tree = read_python(data, name)
    problems = [*_refused(tree, name), *_build_problems(tree, name)]
    if problems:
        raise CourseError(problems)
    try:
        return compile(tree, path, "exec", dont_inherit=True)
    except SyntaxError as error:  # what the grammar lets through: a return outside of a function, a name bound twice
        raise CourseError(Problem(name, error.lineno or 0, "not valid Python; mend the syntax")) from None
    except (RecursionError, MemoryError):
        raise CourseError(Problem(name, 0, "too deeply nested; write it flatter")) from None


def _build_problems(tree: ast.Module, name: str) -> list[Problem]:
    found = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    build = found.get("build")
    if build is None:
        return [Problem(name, 1, "there is no function 'build'; add 'def build(world, v)'")]
    if isinstance(build, ast.AsyncFunctionDef):
        return [Problem(name, build.lineno, "'build' must answer at once; write 'def build(world, v)', without async")]
    args = build.args
    given, needed = len(args.posonlyargs + args.args), len(args.posonlyargs + args.args) - len(args.defaults)
    if needed > 2 or (given < 2 and args.vararg is None) or len(args.kw_defaults) > sum(map(bool, args.kw_defaults)):
        return [Problem(name, build.lineno, "'build' is called with two arguments; write 'def build(world, v)'")]
    return []


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
    source = read_world_code(path)
    module: dict[str, Any] = {"__name__": "world", "__file__": path, "__builtins__": builtins}
    try:
        exec(source, module)
        built = module["build"](world, values)
    except (Exception, SystemExit) as error:
        line = _line_in(error, path)
        message = cut(f"world code raised {type(error).__name__}: {_said(error)}; mend it")
        raise CourseError(Problem(shown(path), line, message)) from error
    if not isinstance(built, dict) or not set(built) <= {"gives", "replaces"}:
        message = "build() must return a dict with 'gives' and, where needed, 'replaces'"
        raise CourseError(Problem(shown(path), line_of_build(path), message))
    return built


def line_of_build(path: str) -> int:
    """Where `build` begins in the module at `path`, which can be read."""
    tree = read_python(read_file(path), shown(path))
    return max((node.lineno for node in tree.body if getattr(node, "name", "") == "build"), default=0)


def _said(error: BaseException) -> str:
    """What an error says, on one line; it may be one that cannot be made text."""
    try:
        return " ".join(str(error).split())
    except Exception:
        return "..."


def _line_in(error: BaseException, path: str) -> int:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return (lines[-1] or 0) if lines else 0
