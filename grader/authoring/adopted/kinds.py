"""What kind of function a reference file has, read from its text: who has to call it where, and what it gives back.

A plain function that gives back what can be awaited is called while a loop runs; one that runs a loop is called outside of any.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from grader.authoring.adopted.origins import Origins, Use
from grader.authoring.adopted.tops import Function as Node
from grader.course.model import EntryKind, Returns

_MAKES_TASKS = frozenset({"asyncio.create_task", "asyncio.ensure_future", "asyncio.Task"})
_MAKES_FUTURES = frozenset({"asyncio.gather", "asyncio.shield", "asyncio.wrap_future", "asyncio.Future"})
_COROUTINES = frozenset({"asyncio.sleep", "asyncio.wait", "asyncio.wait_for", "asyncio.to_thread"})
_RUNS = frozenset({"asyncio.run", "asyncio.Runner"})
_IN_LOOP = frozenset({"asyncio.get_running_loop", "asyncio.current_task"})
_METHODS: dict[str, Returns] = {"create_task": "task", "create_future": "future", "run_in_executor": "future"}
_RUNNING_METHODS = frozenset({"run_until_complete", "run_forever"})
_AWAITED = frozenset({"task", "future", "coroutine", "awaitable"})

# "tasks": several that are awaited by nobody; "awaitable": an annotation that does not say of which kind.
Given = Literal["task", "future", "coroutine", "value", "tasks", "awaitable"]
_ANNOTATED: dict[str, Given] = {
    "Task": "task",
    "Future": "future",
    "Coroutine": "coroutine",
    "Awaitable": "awaitable",
}
_MANY = frozenset({"List", "list", "Tuple", "tuple", "Sequence", "Iterable", "Iterator", "Set", "set"})
_Several = ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class Kind:
    """`given` is what is seen of a plain function's value; `runs` whether it runs a loop."""

    entry: EntryKind
    given: Given | None = None
    runs: bool = False

    @property
    def returns(self) -> Returns | None:
        if self.entry != "function_in_loop" or self.given == "awaitable":
            return None
        return self.given if self.given in ("task", "future", "coroutine") else "value"


@dataclass(frozen=True, slots=True)
class Kinds:
    """Of the functions of one file; `other` tells of those of other files."""

    functions: dict[str, Node]
    origins: Origins
    other: Callable[[Use], Kind | None]
    classes: Mapping[str, ast.ClassDef] = field(default_factory=dict)

    def of(self, node: Node, seen: frozenset[str] = frozenset()) -> Kind:
        """`seen` are functions that are being looked at: one that calls itself says nothing new."""
        if isinstance(node, ast.AsyncFunctionDef):
            return Kind("async_generator" if any(isinstance(one, ast.Yield) for one in own(node)) else "coroutine")
        seen |= {node.name}
        given = self._given_back(node, seen) or _annotated(node.returns)
        runs = self._any(node, self._is_run)
        if runs and given not in _AWAITED:
            return Kind("function", runs=True)
        if given is not None or self._any(node, self._is_in_loop):
            return Kind("function_in_loop", given)
        return Kind("function")

    def reached(self, node: Node) -> Iterator[Node]:
        """The function, and those of its file that it names, by whatever way."""
        return _reached(node, self.functions)

    def all_reached(self, node: Node) -> Iterator[Node | ast.ClassDef]:
        """The same with classes, all methods of which may be called. What they do when they are called, the function need not
        do itself: it may give one back."""
        return _reached(node, {**self.classes, **self.functions})

    def _any(self, node: Node, holds: Callable[[ast.Call], bool]) -> bool:
        return any(holds(call) for one in self.reached(node) for call in calls_in(one))

    def _is_run(self, call: ast.Call) -> bool:
        use = self.origins.use(call.func)
        other = self.other(use) if use else None
        by_name = self.origins.is_one_of(call.func, _RUNS) or _method(call) in _RUNNING_METHODS
        return by_name or (other is not None and other.runs)

    def _is_in_loop(self, call: ast.Call) -> bool:
        meant = _MAKES_TASKS | _MAKES_FUTURES | _IN_LOOP
        return self.origins.is_one_of(call.func, meant) or _method(call) in _METHODS

    def _given_back(self, node: Node, seen: frozenset[str]) -> Given | None:
        """What its `return` gives that could be awaited; None where that cannot be seen, or is nothing such."""
        set_to = {
            goal.id: one.value
            for one in own(node)
            if isinstance(one, ast.Assign)
            for goal in one.targets
            if isinstance(goal, ast.Name)
        }
        values = [one.value for one in own(node) if isinstance(one, ast.Return) and one.value is not None]
        found = (self._given(value, set_to, seen) for value in values)
        return next((given for given in found if given is not None), None)

    def _given(self, value: ast.expr, set_to: dict[str, ast.expr], seen: frozenset[str]) -> Given | None:
        if isinstance(value, ast.Name) and value.id in set_to:
            rest = {name: one for name, one in set_to.items() if name != value.id}
            return self._given(set_to[value.id], rest, seen)
        if isinstance(value, ast.IfExp):
            return self._given(value.body, set_to, seen) or self._given(value.orelse, set_to, seen)
        if isinstance(value, _Several):
            given = (self._of_call(call, seen) for call in calls_in(value))
            return "tasks" if any(one in _AWAITED for one in given) else None
        return self._of_call(value, seen) if isinstance(value, ast.Call) else None

    def _of_call(self, call: ast.Call, seen: frozenset[str]) -> Given | None:
        for meant, given in _GIVEN:
            if self.origins.is_one_of(call.func, meant):
                return given
        kind = self._called(call, seen)
        if kind is None:
            return _METHODS.get(_method(call))
        return "coroutine" if kind.entry == "coroutine" else kind.given if kind.given != "value" else None

    def _called(self, call: ast.Call, seen: frozenset[str]) -> Kind | None:
        """The kind of a function of this file or of another one."""
        use = self.origins.use(call.func)
        if use is not None:
            return self.other(use)
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        return self.of(self.functions[name], seen) if name in self.functions and name not in seen else None


_GIVEN: tuple[tuple[frozenset[str], Given], ...] = (
    (_MAKES_TASKS, "task"),
    (_MAKES_FUTURES, "future"),
    (_COROUTINES, "coroutine"),
)


def _reached(node: Node, there: Mapping[str, Any]) -> Iterator[Any]:
    waiting: list[Node | ast.ClassDef] = [node]
    seen = {node.name}
    while waiting:
        one = waiting.pop(0)
        yield one
        for name in _names(one):
            if name in there and name not in seen:
                seen.add(name)
                waiting.append(there[name])


def own(node: ast.AST) -> Iterator[ast.AST]:
    """All below a function, without what functions in it do."""
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, Node | ast.Lambda | ast.ClassDef):
            yield inner
            yield from own(inner)


def calls_in(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def _names(node: ast.AST) -> Iterator[str]:
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _annotated(node: ast.expr | None) -> Given | None:
    """`asyncio.Task`, `"asyncio.Task[int]"`, `Awaitable[int]`, `List[asyncio.Task]`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError):
            return None
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        if _last(node.value) in _MANY and _annotated(inner) is not None:
            return "tasks"
        node = node.value
    return _ANNOTATED.get(_last(node)) if node is not None else None


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
