"""Patterns over a syntax tree: places in the learner's source, whatever names they imported things by.

A pattern is `KIND`, or `KIND:NAME`, or `in FUNCTION: ` and one of those. It is refused by `check_pattern` if it is not
understood: nothing unknown ever simply finds nothing.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from grader.checks.imports import Names
from grader.course.nearest import did_you_mean

_NAME = re.compile(r"\.?[A-Za-z_*][\w*]*(\.[A-Za-z_*][\w*]*)*\Z")
_WITHIN = re.compile(r"in ([A-Za-z_]\w*): *(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`name` is dotted, may hold `*`, and begins with a dot where only the last part counts; some kinds have none."""

    kind: str
    name: str = ""
    function: str | None = None

    def __str__(self) -> str:
        """In words, for a learner."""
        where = f" in `{self.function}`" if self.function else ""
        return _KINDS[self.kind].words.format(self.name.lstrip(".")) + where


@dataclass(frozen=True, slots=True)
class _Kind:
    """`refused`: Python reads no file that has it, so it counts where it is never done, too."""

    words: str
    named: bool
    finds: "Callable[[ast.AST, str, Names], bool]"
    refused: bool = False


def check_pattern(pattern: str) -> str | None:
    """What is not right about `pattern`, for its author; None if it is understood."""
    try:
        parse(pattern)
    except ValueError as error:
        return str(error)
    return None


def parse(pattern: str) -> Pattern:
    """Raises ValueError with a plain message."""
    within = _WITHIN.match(pattern)
    function, rest = (within[1], within[2]) if within else (None, pattern)
    kind, colon, name = rest.partition(":")
    if kind not in _KINDS:
        raise ValueError(f"unknown kind of source pattern {kind!r}{did_you_mean(kind, _KINDS)}")
    if not _KINDS[kind].named and colon:
        raise ValueError(f"source pattern {kind!r} takes no name, found {name!r}; leave it out")
    if _KINDS[kind].named and not _NAME.match(name):
        raise ValueError(f"source pattern {kind!r} needs a name, found {name!r}; write for example 'call:asyncio.run'")
    return Pattern(kind, name, function)


def find(pattern: Pattern, tree: ast.Module, names: Names, but: Collection[int] = ()) -> tuple[int, ...]:
    """The lines on which it stands, in order, one for each place; `but` are the ids of nodes that do not count."""
    kind = _KINDS[pattern.kind]
    roots = [tree] if pattern.function is None else list(functions(tree, pattern.function))
    found = (node for root in roots for node in _inside(root, pattern) if kind.finds(node, pattern.name, names))
    nodes = {id(node): node for node in found if kind.refused or id(node) not in but}
    return tuple(sorted(getattr(node, "lineno", 0) for node in nodes.values()))


def _inside(root: ast.AST, pattern: Pattern) -> Iterator[ast.AST]:
    if pattern.function is not None and isinstance(root, ast.FunctionDef | ast.AsyncFunctionDef):
        for statement in root.body:
            yield from ast.walk(statement)
    else:
        yield from ast.walk(root)


def functions(tree: ast.AST, name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            yield node


# ---------------------------------------------------------------- one predicate for each kind


def _named(node: ast.AST, name: str, names: Names) -> bool:
    """Whether an expression is what `name` stands for; `.name` is any attribute of that name."""
    if name.startswith("."):
        method = names.method(node)
        return method is not None and fnmatchcase(method, name[1:])
    return any(fnmatchcase(found, name) for found in names.resolve(node))


def _call(node: ast.AST, name: str, names: Names) -> bool:
    return isinstance(node, ast.Call) and _named(node.func, name, names)


def _await(node: ast.AST, name: str, names: Names) -> bool:
    return isinstance(node, ast.Await) and _call(node.value, name, names)


def _bare(node: ast.AST, name: str, names: Names) -> bool:
    return isinstance(node, ast.Expr) and _call(node.value, name, names)


def _unpack(node: ast.AST, name: str, names: Names) -> bool:
    if not isinstance(node, ast.Assign) or not any(isinstance(goal, ast.Tuple | ast.List) for goal in node.targets):
        return False
    return _call(node.value, name, names)


def _unawaited(node: ast.AST, name: str, names: Names) -> bool:
    return _call(node, name, names) and names.dropped(node)


def _name(node: ast.AST, name: str, names: Names) -> bool:
    kinds = ast.Attribute if name.startswith(".") else ast.Name | ast.Attribute
    used = isinstance(node, kinds) and isinstance(node.ctx, ast.Load)
    return used and _named(node, name, names)


def _attribute(node: ast.AST, name: str, names: Names) -> bool:
    return isinstance(node, ast.Attribute) and _named(node, name, names)


def _method(node: ast.AST, name: str, names: Names) -> bool:
    return _call(node, f".{name.lstrip('.')}", names)


def _import(node: ast.AST, name: str, names: Names) -> bool:
    if isinstance(node, ast.Import):
        found = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        found = [module, *(f"{module}.{alias.name}" for alias in node.names)]
    else:
        return False
    return any(fnmatchcase(one, name) or one.startswith(f"{name}.") for one in found)


def _decorator(node: ast.AST, name: str, names: Names) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    return any(_named(one.func if isinstance(one, ast.Call) else one, name, names) for one in node.decorator_list)


def _lone(node: ast.AST, name: str, names: Names) -> bool:
    if not isinstance(node, ast.Call) or not _call(node, name, names) or len(node.args) != 1:
        return False
    return not isinstance(node.args[0], ast.Starred)


def _items(node: ast.AST, name: str, names: Names) -> bool:
    return any(_named(call.func, name, names) for taken in _taken_apart(node) for call in names.origins(taken))


def _taken_apart(node: ast.AST) -> tuple[ast.expr, ...]:
    """The things whose items a node takes one by one, in whatever order they have."""
    if isinstance(node, ast.For):
        return (node.iter,)
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return tuple(part.iter for part in node.generators)
    if isinstance(node, ast.Starred) and isinstance(node.ctx, ast.Load):
        return (node.value,)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
        return (node.value,) if any(isinstance(goal, ast.Tuple | ast.List) for goal in node.targets) else ()
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TAKERS:
        return tuple(node.args[-1:])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "pop":
        return () if node.args else (node.func.value,)
    return ()


_TAKERS = ("list", "tuple", "iter", "enumerate", "map")


def _await_outside_async(node: ast.AST, name: str, names: Names) -> bool:
    return isinstance(node, ast.Await) and not isinstance(names.function(node), ast.AsyncFunctionDef)


def _yield_from_in_async(node: ast.AST, name: str, names: Names) -> bool:
    return isinstance(node, ast.YieldFrom) and isinstance(names.function(node), ast.AsyncFunctionDef)


def _while_true(node: ast.AST, name: str, names: Names) -> bool:
    return isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and bool(node.test.value)


_KINDS = {
    "call": _Kind("a call of `{}`", True, _call),
    "await": _Kind("an `await` directly on `{}(...)`", True, _await),
    "unpack": _Kind("an assignment that takes `{}(...)` apart without awaiting it", True, _unpack),
    "bare": _Kind("a call of `{}` whose result goes nowhere", True, _bare),
    "unawaited": _Kind("a call of `{}` that nothing awaits", True, _unawaited),
    "name": _Kind("the name `{}`", True, _name),
    "attribute": _Kind("the attribute `.{}`", True, _attribute),
    "method": _Kind("a call of a method `.{}(...)`", True, _method),
    "import": _Kind("an import of `{}`", True, _import),
    "decorator": _Kind("the decorator `@{}`", True, _decorator),
    "async_def": _Kind(
        "`async def {}`",
        True,
        lambda node, name, _: isinstance(node, ast.AsyncFunctionDef) and fnmatchcase(node.name, name),
    ),
    "def": _Kind(
        "a plain `def {}`",
        True,
        lambda node, name, _: isinstance(node, ast.FunctionDef) and fnmatchcase(node.name, name),
    ),
    "yield_from": _Kind("`yield from`", False, lambda node, *_: isinstance(node, ast.YieldFrom)),
    "lone": _Kind("a call of `{}` with one argument", True, _lone),
    "items": _Kind("something that takes the items of what `{}` gives one by one", True, _items),
    "await_outside_async": _Kind("an `await` outside of an `async def`", False, _await_outside_async, refused=True),
    "yield_from_in_async": _Kind("`yield from` inside of an `async def`", False, _yield_from_in_async, refused=True),
    "while_true": _Kind("a `while True` loop", False, _while_true),
}
