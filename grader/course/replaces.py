"""The functions of asyncio that an exercise's world stands in for: with what each is called, and what it has to give."""

import inspect
from collections.abc import Callable
from typing import Any

from grader.course.world_code import line_of_build
from grader.course.yaml_marks import shown
from grader.errors import CourseError, Problem
from grader.referee.connections import giving, insist_on_connection, insist_on_server
from grader.referee.world import Offered, World

# name: (with what the world's function is called, who looks at what it gives)
_KNOWN: dict[str, tuple[tuple[str, ...], Callable[[Any], None] | None]] = {
    "create_subprocess_shell": (("command", "pipes"), None),
    "create_subprocess_exec": (("command", "pipes"), None),
    "open_connection": (("host", "port"), insist_on_connection),
    "open_unix_connection": (("path",), insist_on_connection),
    "start_server": (("host", "port"), insist_on_server),
    "start_unix_server": (("path",), insist_on_server),
}


def replacement(world: World, name: str, function: Any, path: str) -> Offered:
    """What stands for `name` of asyncio. `path`: the module that gives it; raises CourseError for what cannot stand there."""
    bare = name.rpartition(".")[2]
    params, insist = _KNOWN[bare]
    offered = function if isinstance(function, Offered) else None
    real = function if offered is None else offered.function
    if not inspect.iscoroutinefunction(real) or (offered is not None and offered.blocking) or not _takes(real, params):
        raise CourseError(Problem(shown(path), _line(real, path), _wanted(name, bare, params)))
    if insist is None:
        return offered or world.function(real, bare)
    checked = giving(real, insist)
    return world.function(checked, bare, None if offered is None else offered.key_of, params)


def _wanted(name: str, bare: str, params: tuple[str, ...]) -> str:
    called = f"async def {bare}({', '.join(params)})"
    return f"what stands for {name!r} is not of the kind that is called there; write '{called}'"


def _takes(function: Any, params: tuple[str, ...]) -> bool:
    try:
        inspect.signature(function).bind(*params)
    except TypeError:
        return False
    return True


def _line(function: Any, path: str) -> int:
    code = getattr(function, "__code__", None)
    line = getattr(code, "co_firstlineno", 0)
    return line if getattr(code, "co_filename", None) == path else line_of_build(path)
