"""Calls of a learner's own earlier functions, noted where the exercise has an operation of the same name.

The text of such a function gets a `with` around its body and stays the same function in all else: its kind, signature, lines
and name. Noted is what the graded file asks for, not what one noted function asks of another: with the exercise's own files
that would not be seen either.
"""

import ast
import asyncio
import copy
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar, Token
from types import CodeType, TracebackType
from typing import TYPE_CHECKING, Any

from grader.clock.over import RunOver
from grader.runner.source import text_of

if TYPE_CHECKING:
    from grader.runner.desk import Desk
    from grader.runner.report import Report

Wanted = Mapping[
    str, list[Any]
]  # by name: which positional parameter is its key (or None), and whether it is `async def`
_Node = ast.FunctionDef | ast.AsyncFunctionDef
MOST = 10_000
_compile = compile  # as it is before a run puts another in its place
_inside: ContextVar[bool] = ContextVar("_inside", default=False)


def functions_in(tree: ast.Module, wanted: Wanted) -> dict[str, _Node]:
    """Those that can be noted: at the top, once, plainly written there, and of the kind that the operation has."""
    named = [node for node in tree.body if isinstance(node, _Node) and node.name in wanted]
    names = [node.name for node in named]
    stored = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)}
    return {
        node.name: node
        for node in named
        if names.count(node.name) == 1
        and node.name not in stored
        and not node.decorator_list
        and isinstance(node, ast.AsyncFunctionDef) == wanted[node.name][1]
        and not any(isinstance(one, ast.Yield | ast.YieldFrom) for one in _own(node))
    }


def _own(node: ast.AST) -> Iterator[ast.AST]:
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, _Node | ast.Lambda | ast.ClassDef):
            yield inner
            yield from _own(inner)


def compile_noting(data: bytes, path: str, wanted: Wanted, module: str) -> CodeType | None:
    """An earlier file's code in which calls are noted by `noted` of `module`; None where there is nothing to note.

    Raises nothing for what is no Python: whoever compiles the file itself will hear of it.
    """
    try:
        return compile_tree(ast.parse(text_of(data, path), path), path, wanted, module)
    except _NOT_COMPILED:
        return None


# one block too many, perhaps, and it is not noted
_NOT_COMPILED = (SyntaxError, ValueError, RecursionError, MemoryError)


def compile_tree(tree: ast.Module, path: str, wanted: Wanted, module: str, flags: int = 0) -> CodeType | None:
    """The same of a tree, which is changed. Raises what `compile` does."""
    found = functions_in(tree, wanted)
    for name, node in found.items():
        _note(node, wanted[name][0], module)
    return _compile(tree, path, "exec", flags, dont_inherit=True) if found else None


def parsed(source: object) -> ast.Module | None:
    """A tree of a text, of its own, or of a tree; None for what is neither or no Python."""
    if isinstance(source, ast.AST):
        return copy.deepcopy(source) if isinstance(source, ast.Module) else None
    try:
        return ast.parse(source) if isinstance(source, str | bytes | bytearray) else None
    except _NOT_COMPILED:
        return None


def _note(node: _Node, at: int | None, module: str) -> None:
    params = [*node.args.posonlyargs, *node.args.args]
    key: ast.expr = ast.Constant(None) if at is None or at >= len(params) else ast.Name(params[at].arg, ast.Load())
    imported = ast.Call(ast.Name("__import__", ast.Load()), [ast.Constant(module)], [])
    noted = ast.Call(ast.Attribute(imported, "noted", ast.Load()), [ast.Constant(node.name), key], [])
    first = node.body[0]
    said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    body = node.body[said:] or [ast.copy_location(ast.Pass(), first)]
    block = ast.copy_location(ast.With([ast.withitem(noted)], body), body[0])
    node.body = [*node.body[:said], ast.fix_missing_locations(block)]


class Notes:
    """One run's. `calls`, in the order in which they began: name, key, line, begin, end and how it ended, both None while it
    runs; a begin and an end are a tick, a number in the order of all of them, and whether the entry had returned."""

    def __init__(self, desk: "Desk", report: "Report"):
        self.desk, self.report = desk, report
        self.calls: list[list[Any]] = []
        self._order = 0

    def next(self) -> int:
        self._order += 1
        return self._order

    def noted(self, name: str, key: Any) -> "_Call":
        return _Call(self, name, key)


class _Call:
    """One call, from the first line of the function to its last."""

    __slots__ = ("_call", "_key", "_name", "_notes", "_token")

    def __init__(self, notes: Notes, name: str, key: Any):
        self._notes, self._name, self._key = notes, name, key
        self._call: list[Any] | None = None
        self._token: Token[bool] | None = None

    def __enter__(self) -> None:
        notes, report = self._notes, self._notes.report
        if not notes.desk.entered or _inside.get() or len(notes.calls) >= MOST:
            return
        self._token = _inside.set(True)
        line, now = notes.desk.line(sys._getframe(1)), notes.desk.clock.now - report.origin
        self._call = [self._name, _plain(self._key), line, [now, notes.next(), report.returned], None, None]
        notes.calls.append(self._call)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._call is None or self._token is None:
            return
        with suppress(ValueError):  # it ends elsewhere than it began
            _inside.reset(self._token)
        if not isinstance(error, GeneratorExit | RunOver):  # else it is not over, it is gone
            notes, how = self._notes, _how(error)
            now = notes.desk.clock.now - notes.report.origin
            self._call[4:] = [now, notes.next(), notes.report.returned], how


def _how(error: BaseException | None) -> str:
    if error is None:
        return "ok"
    return "cancelled" if isinstance(error, asyncio.CancelledError) else "error"


def _plain(key: Any) -> bool | int | float | str | None:
    """As a key crosses; what it is no more than a short text or a number is its type."""
    kind = type(key)
    if key is None or kind is bool or (kind is int and key.bit_length() <= 53):
        return key  # type: ignore[no-any-return]
    if kind is float and key - key == 0:
        return key  # type: ignore[no-any-return]
    text = key if kind is str else f"<{kind.__name__}>"
    return text.encode("utf-8", "replace").decode()[:60]
