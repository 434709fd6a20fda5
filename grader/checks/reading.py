"""What the learner's source shows by itself about an entry: needless tasks, unawaited coroutines, blocking calls.

Only functions that the entry can reach by name are read, so what stands in another entry never counts against this one.
Nothing here is a guess: what cannot be told from the text is left to what was observed.
"""

import ast
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import pairwise
from typing import TypeVar

from grader.checks.source import Source
from grader.referee.facts import Place

T = TypeVar("T")
_MAKERS = ("asyncio.create_task", "asyncio.ensure_future", "asyncio.Task")
_COROUTINES = ("asyncio.sleep", "asyncio.wait", "asyncio.wait_for", "asyncio.to_thread", "asyncio.open_connection")
_BLOCKING = ("time.sleep",)
_LOOKS = ("check", "display", "help", "print")
_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


Reading = Callable[[Source, str], T]


def _once(read: Reading[T]) -> Reading[T]:
    """Asked again in each case of an entry: it is read once."""

    @wraps(read)
    def known(source: Source, entry: str) -> T:
        return source.once((read.__name__, entry), lambda: read(source, entry))

    return known


@_once
def reachable(source: Source, entry: str) -> tuple[_Function, ...]:
    """The entry and every function of the file whose name is mentioned on the way, at any depth; of one that is defined more
    than once at the top, the last."""
    if source.tree is None:
        return ()
    defined: dict[str, list[_Function]] = {}
    given_up = _given_up(source.tree.body)
    for node in source.names.nodes:
        if isinstance(node, _Function) and id(node) not in given_up:
            defined.setdefault(node.name, []).append(node)
    found: dict[int, _Function] = {}
    names = {entry}
    waiting = list(defined.get(entry, ()))
    while waiting:
        function = waiting.pop()
        if id(function) not in found:
            found[id(function)] = function
            new = set(_mentioned(function)) - names  # each name is looked up once, however often it is mentioned
            names |= new
            waiting += [other for name in new for other in defined.get(name, ())]
    return tuple(sorted(found.values(), key=lambda node: node.lineno))


def _given_up(body: list[ast.stmt]) -> frozenset[int]:
    """Functions at the top that one of the same name takes the place of, and that nothing there keeps before it does."""
    later, kept, found = set[str](), set[str](), set[int]()
    for node in reversed(body):
        if not isinstance(node, _Function):
            kept |= set() if _only_looks(node) else _names_in(node)
            continue
        if node.name in later and node.name not in kept and not node.decorator_list:
            found.add(id(node))
        later.add(node.name)
        kept.discard(node.name)  # what keeps the name further down keeps this one
        kept |= {name for part in (*node.decorator_list, node.args) for name in _names_in(part)}
    return frozenset(found)


def _only_looks(node: ast.stmt) -> bool:
    """Whether a statement asks what a function is worth, as one does in a notebook, and keeps nothing: `check(main)`."""
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _LOOKS


def _names_in(node: ast.AST) -> set[str]:
    """The names whose value may be kept there; to call one keeps nothing."""
    nodes = list(ast.walk(node))
    called = {id(one.func) for one in nodes if isinstance(one, ast.Call)}
    return {one.id for one in nodes if isinstance(one, ast.Name) and id(one) not in called}


def _mentioned(function: _Function) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, _Function):
            yield node.name


# ---------------------------------------------------------------- needless tasks


@_once
def redundant_tasks(source: Source, entry: str) -> tuple[Place, ...]:
    """Tasks that are awaited by the expression or the statement that follows their making."""
    lines = {
        line
        for function in reachable(source, entry)
        for node in ast.walk(function)
        for line in (*_awaited_as_made(node, source), *_awaited_next(node, source))
    }
    return tuple(Place("create_task", line) for line in sorted(lines))


def _makes_task(node: ast.AST | None, source: Source) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr == "create_task":
        return True
    return any(name in _MAKERS for name in source.names.resolve(node.func))


def _awaited_as_made(node: ast.AST, source: Source) -> Iterator[int]:
    if isinstance(node, ast.Await) and _makes_task(node.value, source):
        yield node.value.lineno


def _awaited_next(node: ast.AST, source: Source) -> Iterator[int]:
    for block in ("body", "orelse", "finalbody"):
        statements = getattr(node, block, None)
        if not isinstance(statements, list):
            continue
        for one, two in pairwise(statements):
            if isinstance(one, ast.Assign) and _makes_task(one.value, source) and _awaits_first(two, one.targets[0]):
                yield one.lineno


def _awaits_first(statement: ast.AST, target: ast.expr) -> bool:
    """Whether the first thing that a simple statement awaits is the name just given to a task."""
    if not isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return):
        return False
    first = next(_awaits(statement), None)
    return (
        first is not None
        and isinstance(first.value, ast.Name)
        and isinstance(target, ast.Name)
        and first.value.id == target.id
    )


def _awaits(node: ast.AST) -> Iterator[ast.Await]:
    """The awaits of a statement in the order in which they happen; a comprehension's or a lambda's are not its own."""
    # Not by recursion: a learner's expression may be nested deeper than Python's own stack goes.
    waiting: list[tuple[ast.AST, bool]] = [(node, False)]
    while waiting:
        node, seen = waiting.pop()
        if seen and isinstance(node, ast.Await):
            yield node
        elif not seen and not isinstance(node, _SCOPES):
            waiting.append((node, True))
            waiting += [(child, False) for child in reversed(list(ast.iter_child_nodes(node)))]


# ---------------------------------------------------------------- what is left lying about


@_once
def never_awaited(source: Source, entry: str) -> tuple[Place, ...]:
    """Statements that call a coroutine function of the file, or of asyncio, and do nothing with what comes of it."""
    if source.tree is None:
        return ()
    own = {node.name for node in source.tree.body if isinstance(node, ast.AsyncFunctionDef)}
    return tuple(
        Place(names[0], node.lineno)
        for node, names in _bare_calls(source, entry)
        if names and (names[0] in own or names[0] in _COROUTINES)
    )


@_once
def unkept_tasks(source: Source, entry: str) -> tuple[Place, ...]:
    """Statements that make a task and keep no reference to it."""
    return tuple(
        Place("create_task", node.lineno)
        for node, names in _bare_calls(source, entry)
        if any(name in _MAKERS for name in names)
    )


@_once
def blocking_calls(source: Source, entry: str) -> tuple[Place, ...]:
    """Calls in coroutines that hold up everything else."""
    return tuple(
        Place(names[0], node.lineno)
        for function in reachable(source, entry)
        if isinstance(function, ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and (names := source.names.resolve(node.func)) and names[0] in _BLOCKING
    )


def _bare_calls(source: Source, entry: str) -> Iterator[tuple[ast.Expr, tuple[str, ...]]]:
    seen: set[int] = set()
    for function in reachable(source, entry):
        for node in ast.walk(function):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and id(node) not in seen:
                seen.add(id(node))
                yield node, source.names.resolve(node.value.func)
