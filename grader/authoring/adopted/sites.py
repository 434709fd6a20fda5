"""Where a function of a reference file asks for what another file gives: how often, and whether several at the same time.

Only what the text shows is told: what stands under a condition, or in a loop whose rounds nobody can read, is not counted.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.origins import Origins, Use

_AT_ONCE = frozenset(
    {
        "asyncio.gather",
        "asyncio.create_task",
        "asyncio.as_completed",
        "asyncio.wait",
        "asyncio.ensure_future",
        "asyncio.Task",
    }
)
_STARTING_METHODS = frozenset({"create_task", "ensure_future"})  # of a TaskGroup or a loop
_Comprehension = ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp
_Loop = ast.For | ast.AsyncFor | ast.While | _Comprehension
_Maybe = ast.If | ast.IfExp | ast.Try | ast.TryStar | ast.Match | ast.BoolOp
_Inner = ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Site:
    """One place. `node` is the call, or that of `map` which makes the calls, of each of `mapped`."""

    node: ast.Call
    use: Use
    mapped: ast.expr | None = None

    def given(self, at: int, name: str) -> ast.expr | None:
        """The argument for a parameter, by its place or its name."""
        plain = self.mapped is None and not any(isinstance(one, ast.Starred) for one in self.node.args)
        if plain and at < len(self.node.args):
            return self.node.args[at]
        return next((one.value for one in self.node.keywords if plain and one.arg == name), None)

    @property
    def place(self) -> _Place:
        return self.node.lineno, self.node.col_offset


@dataclass(frozen=True, slots=True)
class Sites:
    """All of a function, in the order of its text. `parents` are by the ids of the nodes below it."""

    function: Function
    origins: Origins
    all: tuple[Site, ...]
    parents: Mapping[int, ast.AST]

    def of(self, uses: frozenset[Use]) -> "Sites":
        return Sites(self.function, self.origins, tuple(site for site in self.all if site.use in uses), self.parents)

    # ------------------------------------------------------------ at the same time

    def together(self, in_loop: frozenset[Use]) -> bool:
        """Whether several are on their way at once. `in_loop`: ordinary functions that give a task of themselves."""
        if not self.makes_tasks() and in_loop.isdisjoint(site.use for site in self.all):
            return False
        rounds = [loop for site in self.all for loop in [self.loop(site)] if loop is not None]
        if any(site.mapped is not None for site in self.all) or any(not _waits(loop) for loop in rounds):
            return True
        alone = [site for site in self.all if self.loop(site) is None and not self.is_awaited(site)]
        return len(alone) > 1 and not any(alone[0].place < place < alone[-1].place for place in self._awaits())

    def makes_tasks(self) -> bool:
        """Whether anything is started there, so that it goes on beside the rest."""
        return any(is_start(call, self.origins) for call in self._calls())

    def _calls(self) -> Iterator[ast.Call]:
        return (one for one in ast.walk(self.function.node) if isinstance(one, ast.Call))

    def _awaits(self) -> Iterator[_Place]:
        return ((one.lineno, one.col_offset) for one in ast.walk(self.function.node) if isinstance(one, ast.Await))

    def is_awaited(self, site: Site) -> bool:
        return isinstance(self.parents.get(id(site.node)), ast.Await)

    def loop(self, site: Site) -> ast.AST | None:
        """The innermost loop that goes round with it; what a loop goes through is asked for once."""
        return next(self._loops(site), None)

    def _loops(self, site: Site) -> Iterator[ast.AST]:
        before: ast.AST = site.node
        node = before
        while (above := self.parents.get(id(node))) is not None:
            if isinstance(above, _Loop) and not _is_source(above, node, before):
                yield above
            before, node = node, above

    # ------------------------------------------------------------ how often

    def times(self, names: Mapping[str, str]) -> str:
        """How many calls there are in all, as an expression over `names` of the parameters; empty where nobody can tell."""
        counts = [self._times(site, names) for site in self.all]
        if len(counts) == 1:
            return counts[0]
        return str(len(counts)) if counts and all(count == "1" for count in counts) else ""

    def _times(self, site: Site, names: Mapping[str, str]) -> str:
        loops = list(self._loops(site))
        maybe = any(isinstance(above, _Maybe | _Inner) for above in self._above(site))
        if maybe or len(loops) > 1 or (loops and (site.mapped is not None or not _is_plain(loops[0]))):
            return ""
        if site.mapped is not None:
            return self.length(site.mapped, names)
        return self.length(_through(loops[0]), names) if loops else "1"

    def _above(self, site: Site) -> Iterator[ast.AST]:
        node = self.parents.get(id(site.node))
        while node is not None and node is not self.function.node:
            yield node
            node = self.parents.get(id(node))

    def length(self, node: ast.expr, names: Mapping[str, str]) -> str:
        """Of `range(n)`, `range(1, n + 1)`, of a parameter, of `[x] * n`."""
        if isinstance(node, ast.Call) and self.origins.is_pythons(node.func, "range"):
            counted, _ = counted_of(node)
            return _plain(counted, names) if counted is not None else ""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List):
            return _plain(node.right, names) if len(node.left.elts) == 1 else ""
        return f"len({names[node.id]})" if isinstance(node, ast.Name) and node.id in names else ""


def is_start(call: ast.Call, origins: Origins) -> bool:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return origins.is_one_of(call.func, _AT_ONCE) or method in _STARTING_METHODS


def counted_of(call: ast.Call) -> tuple[ast.expr | None, int]:
    """Of `range(n)`, `range(0, n)` and `range(1, n + 1)` the `n`, and the first number; None for all others."""
    if len(call.args) == 1:
        return call.args[0], 0
    first, last = call.args if len(call.args) == 2 else (None, None)
    if not isinstance(first, ast.Constant) or first.value not in (0, 1) or last is None:
        return None, 0
    if first.value == 0:
        return last, 0
    if isinstance(last, ast.BinOp) and isinstance(last.op, ast.Add) and ast.unparse(last.right) == "1":
        return last.left, 1
    return (
        (ast.Constant(last.value - 1), 1) if isinstance(last, ast.Constant) and type(last.value) is int else (None, 0)
    )


def sites_of(function: Function, origins: Origins) -> Sites:
    found = list[Site]()
    for node in ast.walk(function.node):
        if isinstance(node, ast.Call):
            use = origins.use(node.func)
            mapped = origins.use(node.args[0]) if origins.is_pythons(node.func, "map") and len(node.args) > 1 else None
            found += [Site(node, use)] if use is not None else []
            found += [Site(node, mapped, node.args[1])] if mapped is not None else []
    return Sites(function, origins, tuple(sorted(found, key=lambda site: site.place)), parents_of(function.node))


def parents_of(top: ast.AST) -> dict[int, ast.AST]:
    return {id(inner): node for node in ast.walk(top) for inner in ast.iter_child_nodes(node)}


def _plain(node: ast.expr, names: Mapping[str, str]) -> str:
    """A parameter or a whole number."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    return repr(node.value) if isinstance(node, ast.Constant) and type(node.value) is int else ""


def _is_source(loop: ast.AST, node: ast.AST, below: ast.AST) -> bool:
    """Whether `node`, right below the loop, and `below` it are what the loop goes through."""
    if isinstance(loop, _Comprehension):
        return node is loop.generators[0] and below is loop.generators[0].iter
    return isinstance(loop, ast.For | ast.AsyncFor) and node is loop.iter


def _through(loop: ast.AST) -> ast.expr:
    assert isinstance(loop, ast.For | ast.AsyncFor | _Comprehension)
    return loop.generators[0].iter if isinstance(loop, _Comprehension) else loop.iter


def _is_plain(loop: ast.AST) -> bool:
    """Whether it goes round once for each of what it goes through."""
    if isinstance(loop, _Comprehension):
        return len(loop.generators) == 1 and not loop.generators[0].ifs
    leaves = (ast.Break, ast.Return, ast.Continue)
    return not isinstance(loop, ast.While) and not any(isinstance(one, leaves) for one in ast.walk(loop))


def _waits(loop: ast.AST) -> bool:
    """Whether each round waits for something."""
    if isinstance(loop, _Comprehension):
        parts: list[ast.AST] = [loop.key, loop.value] if isinstance(loop, ast.DictComp) else [loop.elt]
    else:
        assert isinstance(loop, ast.For | ast.AsyncFor | ast.While)
        parts = list(loop.body)
    return any(isinstance(one, ast.Await) for part in parts for one in ast.walk(part))
