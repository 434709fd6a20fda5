"""What a function does with an argument, where that tells more of it than an annotation: which values of a case it can be."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.origins import Origins

_PLAIN = frozenset(name for kind in (str, int, float, list, tuple, dict, set, bytes) for name in dir(kind))
_LISTS = frozenset({"append", "extend", "insert", "sort", "reverse"})
_THROUGH = (
    "enumerate",
    "sorted",
    "sum",
    "zip",
    "map",
    "filter",
    "reversed",
    "iter",
    "list",
    "tuple",
    "min",
    "max",
    "len",
)


@dataclass(frozen=True, slots=True)
class Uses:
    """`asked`: what it has to have that no plain value has, `queue.get` or `async with gate`. `is_called`: as a function.
    `is_file`: its name is opened. `is_many`: it is gone through, or added to."""

    asked: tuple[str, ...]
    is_called: bool
    is_file: bool
    is_many: bool


def uses_of(function: Function, name: str, origins: Origins) -> Uses:
    """All is empty of a name that stands for something else in it, too."""
    nodes = list(ast.walk(function.node)) if name in function.steady else []

    def is_it(node: ast.AST | None) -> bool:
        return isinstance(node, ast.Name) and node.id == name

    def opened(call: ast.Call) -> bool:
        return origins.is_pythons(call.func, "open") or "pathlib.Path" in origins.plain(call.func)

    asked = dict.fromkeys(_asked(nodes, name))
    calls = [one for one in nodes if isinstance(one, ast.Call)]
    through = [one for one in calls if any(origins.is_pythons(one.func, builtin) for builtin in _THROUGH)]
    return Uses(
        asked=tuple(one for one in asked if f"await {one}(...)" not in asked),
        is_called=any(is_it(call.func) for call in calls),
        is_file=any(is_it(given) for call in calls if opened(call) for given in call.args[:1]),
        is_many=any(is_it(one.iter) for one in nodes if isinstance(one, ast.For))
        or any(is_it(one.iter) for one in nodes if isinstance(one, ast.comprehension) and not one.is_async)
        or any(is_it(one.value) for one in nodes if isinstance(one, ast.Starred))
        or any(is_it(one.value) for one in nodes if isinstance(one, ast.Attribute) and one.attr in _LISTS)
        or any(is_it(given) for call in through for given in call.args),
    )


def _asked(nodes: list[ast.AST], name: str) -> Iterator[str]:
    taken: ast.AST | None
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr not in _PLAIN:
            taken, said = node.value, f"{name}.{node.attr}"
        elif isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
            called = node.value.func
            taken, said = getattr(called, "value", None), f"await {name}.{getattr(called, 'attr', '')}(...)"
        elif isinstance(node, ast.Await):
            taken, said = node.value, f"await {name}"
        elif isinstance(node, ast.AsyncFor) or (isinstance(node, ast.comprehension) and node.is_async):
            taken, said = node.iter, f"async for ... in {name}"
        elif isinstance(node, ast.withitem):
            taken, said = node.context_expr, f"with {name}"
        else:
            continue
        if isinstance(taken, ast.Name) and taken.id == name:
            yield said
