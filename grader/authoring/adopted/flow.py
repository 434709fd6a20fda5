"""What a function of a reference file has on its way at once by what its own file does: local functions, a semaphore, workers.

Only what the text shows is told: where a call is not known, or stands under a condition, nothing is said of how many there are.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.kinds import Kinds, own
from grader.authoring.adopted.origins import Origins, Use
from grader.authoring.adopted.sites import Site, Sites, parents_of
from grader.authoring.adopted.tops import Function as Node
from grader.authoring.adopted.tops import Top
from grader.authoring.adopted.waits import whatever_happens

_LOCK = frozenset({"asyncio.Lock"})
_SEMAPHORES = frozenset({"asyncio.Semaphore", "asyncio.BoundedSemaphore"})
_WAITING = frozenset({"acquire", "wait", "wait_for"})  # of an event, a condition, a barrier
# what workers may take from, and what is gone through to give it to them: as many as there are of what it is made of
_HOLDING = frozenset({"iter", "list", "collections.deque", "enumerate", "reversed", "sorted"})
_TAKING = frozenset({"get", "get_nowait", "pop", "popleft"})
_HERE = ""  # in place of a module: this file


@dataclass(frozen=True)
class Flow:
    """`operations`: what the world times, beside sleeps where `sleeps`. `number`: of a constant, as text, wherever that is
    written."""

    function: Function
    origins: Origins
    top: Top
    operations: frozenset[Use]
    sleeps: bool
    number: Callable[[str], str]

    @cached_property
    def reached(self) -> list[Node | ast.ClassDef]:
        classes = {cls.name: cls for cls in self.top.classes}
        return list(Kinds(self.top.functions, self.origins, lambda use: None, classes).all_reached(self.function.node))

    @cached_property
    def _there(self) -> Mapping[str, Node]:
        """Functions by their names, those in functions and classes as well; without such as share theirs."""
        inner = [one for node in self.reached for one in ast.walk(node) if isinstance(one, Node)]
        names = [one.name for one in inner]
        return {one.name: one for one in inner if names.count(one.name) == 1 and one is not self.function.node}

    # ------------------------------------------------------------ what is started

    @cached_property
    def starts(self) -> Sites:
        """Its own calls of what lasts, each with the loop in which it stands."""
        found = list[Site]()
        for call in self._calls(self.function.node):
            use = self.lasting(call.func)
            mapped = self.lasting(call.args[0]) if self.origins.is_pythons(call.func, "map") and call.args[1:] else None
            found += [Site(call, use)] if use is not None else []
            found += [Site(call, mapped, call.args[1])] if mapped is not None else []
        found.sort(key=lambda site: site.place)
        return Sites(self.function, self.origins, tuple(found), parents_of(self.function.node))

    @property
    def is_direct(self) -> bool:
        """Whether all that it starts are operations themselves."""
        return all(site.use in self.operations for site in self.starts.all)

    def together(self) -> bool:
        return self.starts.together(frozenset())

    def is_free(self) -> bool:
        """Whether nothing that it starts waits for another, as far as the text shows, and each sleeps for some time."""
        others = [one for one in self.reached if one is not self.function.node]
        others += [
            one for one in ast.walk(self.function.node) if isinstance(one, Node) and one is not self.function.node
        ]
        held = any(_may_be_held(one) for node in others for one in ast.walk(node))
        # a sleep of 0 is no operation
        return not held and not any("rand" in text and "uniform" not in text for text in self.function.sleeps)

    def each_once(self) -> bool:
        """Whether each that it starts is one operation, which begins as soon as there is room for it."""
        return bool(self.starts.all) and all(self._is_once(site.use) for site in self.starts.all)

    def in_turn(self, names: Mapping[str, str]) -> str:
        """How many sleeps it does, one after another, as an expression over `names` of its parameters; empty where its text
        does not tell, or where it waits for anything else."""
        return self.starts.times(names) if self.only_in_turn is not None else ""

    @property
    def only_in_turn(self) -> Site | None:
        """The one sleep that it awaits, if it waits for nothing else."""
        only = self.starts.all[0] if len(self.starts.all) == 1 else None
        if only is None or only.use != _SLEEP or not self.starts.is_awaited(only):
            return None
        return only if sum(map(_waits, ast.walk(self.function.node))) == 1 else None

    def handed_out(self, names: Mapping[str, str]) -> str:
        """How many things there are for its workers to take, as an expression; empty where its text does not tell."""
        started = {id(self.starts.loop(site)) for site in self.starts.all}
        inner = list(own(self.function.node))
        loops = [
            one for one in inner if isinstance(one, ast.For | ast.AsyncFor | ast.ListComp) and id(one) not in started
        ]
        through = [one.generators[0].iter if isinstance(one, ast.ListComp) else one.iter for one in loops]
        held = [call for call in self._calls(self.function.node) if self.origins.is_one_of(call.func, _HOLDING)]
        through += [call.args[0] for call in held if len(call.args) == 1]
        found = {self.starts.length(one, names) for one in through} - {"", self._workers(names)}
        return min(found) if len(found) == 1 else ""

    def _is_once(self, use: Use, depth: int = 5) -> bool:
        if use.module != _HERE or use == _SLEEP:
            return True
        node = self._there[use.name]
        awaited = [one.value for one in whatever_happens(node) if isinstance(one, ast.Await)]
        asked = [one for one in awaited if isinstance(one, ast.Call) and self.lasting(one.func) is not None]
        inner = self.lasting(asked[0].func) if len(asked) == len(awaited) == 1 and depth else None
        everywhere = [call for call in self._calls(node) if self.lasting(call.func) is not None]
        return inner is not None and len(everywhere) == 1 and self._is_once(inner, depth - 1)

    def _calls(self, node: ast.AST) -> Iterator[ast.Call]:
        return (one for one in own(node) if isinstance(one, ast.Call))

    def here(self, use: Use) -> Node | None:
        """The function of its own file that is meant, if it is one."""
        return self._there.get(use.name) if use.module == _HERE else None

    def lasting(self, func: ast.expr) -> Use | None:
        """What a call of it asks for, if that lasts: an operation, a sleep, or a function here that leads to one."""
        use = self.origins.use(func)
        if use is not None:
            return use if use in self.operations else None
        if "asyncio.sleep" in self.origins.plain(func):
            return _SLEEP if self.sleeps else None
        name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
        node = self._there.get(name)
        leads = isinstance(node, ast.AsyncFunctionDef) and name in self._leading
        return Use(_HERE, name) if leads else None

    @cached_property
    def _leading(self) -> frozenset[str]:
        """The names of functions in which something that lasts is asked for, or another such function."""
        found, before = set[str](), -1
        while len(found) != before:
            before = len(found)
            found |= {name for name, node in self._there.items() if self._asks(node, found)}
        return frozenset(found)

    def _asks(self, node: Node, leading: set[str]) -> bool:
        for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            is_sleep = self.sleeps and "asyncio.sleep" in self.origins.plain(call.func)
            if is_sleep or name in leading or self.origins.use(call.func) in self.operations:
                return True
        return False

    # ------------------------------------------------------------ how many at most

    def at_most(self, names: Mapping[str, str]) -> str:
        """A number, or one of `names` of its parameters; empty where the text tells of none."""
        made = self._semaphores()
        if len(made) == 1 and self._is_guarded(self.function.node, frozenset(made)):
            (call,) = made.values()
            if self.origins.is_one_of(call.func, _LOCK):
                return "1"
            given = [*call.args, *(one.value for one in call.keywords)]
            return self._number(given[0], names) if given else "1"
        return self._workers(names)

    def _semaphores(self) -> dict[str, ast.Call]:
        """By the names that they are given, at the top of the file or in what is reached."""
        found = dict[str, ast.Call]()
        for node in (*(one.node for one in self.top.constants), *self.reached):
            for one in ast.walk(node):
                value = one.value if isinstance(one, ast.Assign | ast.AnnAssign | ast.NamedExpr) else None
                if isinstance(value, ast.Call) and self.origins.is_one_of(value.func, _SEMAPHORES | _LOCK):
                    goals = one.targets if isinstance(one, ast.Assign) else [one.target]  # type: ignore[attr-defined]
                    found |= {_name(goal): value for goal in goals}
        return found

    def _is_guarded(self, node: Node, names: frozenset[str], depth: int = 5) -> bool:
        """Whether all that lasts in it stands under `async with` of the semaphore."""
        started = node is not self.function.node  # what holds it while it starts others bounds none of them
        blocks = [one for one in own(node) if started and isinstance(one, ast.AsyncWith) and _holds(one, names)]
        inside = {id(one) for block in blocks for part in block.body for one in ast.walk(part)}
        asked = [(call, use) for call in self._calls(node) for use in [self.lasting(call.func)] if use is not None]
        mapped = [] if started else [site for site in self.starts.all if site.mapped is not None]
        asked += [(site.node, site.use) for site in mapped]
        return bool(asked) and all(id(call) in inside or self._guards(use, names, depth) for call, use in asked)

    def _guards(self, use: Use, names: frozenset[str], depth: int) -> bool:
        is_here = use.module == _HERE and use != _SLEEP and depth > 0
        return is_here and self._is_guarded(self._there[use.name], names, depth - 1)

    def _workers(self, names: Mapping[str, str]) -> str:
        """As many as it starts of what takes one thing after another."""
        if len(self.starts.all) != 1 or not self.together():
            return ""
        node = self._there.get(self.starts.all[0].use.name)
        loops = [one for one in own(node) if isinstance(one, ast.While | ast.For | ast.AsyncFor)] if node else []
        takes = any(_takes(call) for loop in loops for call in ast.walk(loop))
        return self.starts.times(names) if takes else ""

    def _number(self, node: ast.expr, names: Mapping[str, str]) -> str:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return repr(node.value)
        if not isinstance(node, ast.Name):
            return ""
        return names.get(node.id, "") or self.number(node.id)


_SLEEP = Use(_HERE, "asyncio.sleep")


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _holds(block: ast.AsyncWith, names: frozenset[str]) -> bool:
    return any(_name(item.context_expr) in names for item in block.items)


def _waits(node: ast.AST) -> bool:
    is_async = isinstance(node, ast.comprehension) and bool(node.is_async)
    return is_async or isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith)


def _may_be_held(node: ast.AST) -> bool:
    if isinstance(node, ast.AsyncWith):
        return any(isinstance(item.context_expr, ast.Name | ast.Attribute) for item in node.items)
    asked = node.value if isinstance(node, ast.Await) else None
    return isinstance(asked, ast.Call) and isinstance(asked.func, ast.Attribute) and asked.func.attr in _WAITING


def _takes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in _TAKING
    return isinstance(node.func, ast.Name) and node.func.id == "next"
