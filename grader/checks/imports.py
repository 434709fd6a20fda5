"""Which dotted names an expression of the learner's stands for, whatever it was imported as.

`from asyncio import create_task as go` makes `go` the same as `asyncio.create_task`; a parameter or a variable that
shadows nothing keeps its own name.
"""

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

# asyncio's own modules, where its public names really live.
_INNER = re.compile(
    r"^asyncio\.(?:tasks|runners|taskgroups|timeouts|locks|queues|futures|events|subprocess)\.(?=[a-zA-Z])"
)

_BUILTINS = frozenset(vars(builtins))


MOST_LEVELS = 5_000_000  # of all nodes together; a file that people write has some ten for each
_FEW = 3_000  # nodes that cannot have as many
_MOST_STARS = 10


class TangledError(Exception):
    """To look up from each node to what it stands in would take too long."""


def may_be_tangled(text: str) -> bool:
    """Whether the nodes of this text may have too many levels: those of `~~~~x` have the most, two nodes and one level for a
    character, so all together have no more than the square of its length."""
    return (len(text) + 2) ** 2 > MOST_LEVELS


@dataclass(frozen=True, slots=True)
class Names:
    """`known`: what a name stands for; `methods`: those that stand for a method, of whatever. `stars`: modules of which
    everything was imported. `parents` by a node's id.

    `own`: names of builtins that the file gives to things of its own, by the ids of what these are known in: a function, a
    class, a comprehension, or the module.

    `nodes` are those of the whole tree, as `ast.walk` gives them, but for what only says whether a name is read or set.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    stars: tuple[str, ...] = ()
    parents: Mapping[int, ast.AST] = field(default_factory=dict)
    nodes: Sequence[ast.AST] = ()
    methods: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, frozenset[int]] = field(default_factory=dict)
    _of_scopes: dict[int, "_Scope"] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, tree: ast.Module) -> "Names":
        """Raises TangledError."""
        nodes, parents = _nodes(tree)
        if len(nodes) > _FEW and _levels(nodes, parents) > MOST_LEVELS:
            raise TangledError
        imports = [node for node in nodes if type(node) in _IMPORTING]
        settings = [node for node in nodes if type(node) in _SETTING]
        known = dict(_imported(imports))
        stars = tuple(islice(dict.fromkeys(_stars(imports)), _MOST_STARS))  # each name may be of any of them
        binding = [node for node in nodes if type(node) in _BINDING]
        bound, renamings = Counter(_bound(binding)), list(_renamings(settings))
        names = cls(known, stars, parents, nodes, dict(_methods(bound, renamings)))
        known.update(_given_other_names(bound, renamings, names))
        return names if _BUILTINS.isdisjoint(bound) else replace(names, own=_own_builtins(binding, settings, names))

    def resolve(self, node: ast.AST) -> tuple[str, ...]:
        """Every dotted name that `node` may stand for; none where it is not a name or an attribute of one."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ()
        first = self.known.get(node.id)
        if first is None and node.id in self.own and self._is_own(node):
            return ()
        starts = [first] if first else [node.id, *(f"{star}.{node.id}" for star in self.stars)]
        return tuple(_outer(".".join([start, *reversed(parts)])) for start in starts)

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """What `node` stands in and may have names of its own, from the innermost on; the module is the last."""
        inner = True
        while id(node) in self.parents:
            node = self.parents[id(node)]
            if isinstance(node, _SCOPES) or (inner and isinstance(node, ast.ClassDef)) or isinstance(node, ast.Module):
                yield node
            inner = inner and not isinstance(node, _FUNCTIONS)  # a method does not see the names of its class

    def _is_own(self, node: ast.Name) -> bool:
        return any(id(scope) in self.own[node.id] for scope in self.scopes(node))

    def method(self, node: ast.AST) -> str | None:
        """The method that an expression takes of something: `x.sort`, a name for it, `getattr(x, "sort")`."""
        if isinstance(node, ast.Attribute):
            return node.attr
        if isinstance(node, ast.Name):
            return self.methods.get(node.id)
        if isinstance(node, ast.Call) and "getattr" in self.resolve(node.func) and len(node.args) > 1:
            name = node.args[1]
            return name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else None
        return None

    def dropped(self, call: ast.AST) -> bool:
        """Whether the value of a call is neither awaited nor handed on to anything that could await it."""
        parent = self.parents.get(id(call))
        while isinstance(parent, (ast.Tuple, ast.List, ast.Starred, ast.NamedExpr, ast.IfExp)):
            parent = self.parents.get(id(parent))
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
            return not self._handed_on(parent.targets[0])
        return not isinstance(
            parent,
            ast.Await | ast.Call | ast.Return | ast.keyword | ast.GeneratorExp | ast.ListComp | ast.SetComp
            | ast.DictComp | ast.Dict | ast.Set | ast.Lambda | ast.Assign | ast.AnnAssign | ast.comprehension
            | ast.withitem | ast.AsyncFor | ast.For | ast.Yield,
        )  # fmt: skip

    def _handed_on(self, target: ast.Name) -> bool:
        return target.id in self._scope(self.function(target)).read

    def _scope(self, node: ast.AST) -> "_Scope":
        """Read once: it is asked for each of the assignments that stand there."""
        if id(node) not in self._of_scopes:
            self._of_scopes[id(node)] = self._read_scope(node)
        return self._of_scopes[id(node)]

    def _read_scope(self, node: ast.AST) -> "_Scope":
        read, given = set[str](), dict[str, list[ast.Call]]()
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
                read.add(one.id)
            elif isinstance(one, ast.Assign) and self.function(one) is node:
                value = _bare(one.value)
                if isinstance(value, ast.Call):
                    for name in _set_by(one):
                        given.setdefault(name, []).append(value)
        return _Scope(frozenset(read), {name: tuple(values) for name, values in given.items()})

    def function(self, node: ast.AST) -> ast.AST:
        """The function that `node` stands in, or the module."""
        while id(node) in self.parents:
            node = self.parents[id(node)]
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                break
        return node

    def origins(self, node: ast.expr) -> tuple[ast.Call, ...]:
        """The calls whose value, or a part of it, `node` may be: awaited or not, by way of a variable of the same function."""
        bare = _bare(node)
        if not isinstance(bare, ast.Name):
            return (bare,) if isinstance(bare, ast.Call) else ()
        return self._scope(self.function(node)).given.get(bare.id, ())


@dataclass(frozen=True, slots=True)
class _Scope:
    """A function or the module: names that are `read` in it at any depth, and the calls whose value is `given` to a name."""

    read: frozenset[str]
    given: Mapping[str, tuple[ast.Call, ...]]


Renaming = tuple[str, ast.Name | ast.Attribute]
_SETTING = frozenset({ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.arguments})
_IMPORTING = frozenset({ast.Import, ast.ImportFrom})
_BINDING = frozenset({ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arg, ast.alias})
# Fields that hold no node, or one that says nothing by itself.
_LEAVES = frozenset({"ctx", "id", "attr", "kind", "type_comment", "lineno", "conversion", "is_async", "level"})
_BRANCHES: Mapping[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _LEAVES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}


def _nodes(tree: ast.Module) -> tuple[list[ast.AST], dict[int, ast.AST]]:
    """All nodes, and their parents: one walk, because it takes longer than all that is asked of them."""
    nodes: list[ast.AST] = [tree]
    parents: dict[int, ast.AST] = {}
    for node in nodes:  # which grows meanwhile
        for name in _BRANCHES[type(node)]:
            value = getattr(node, name, None)
            if type(value) is list:
                for child in value:
                    if isinstance(child, ast.AST):
                        parents[id(child)] = node
                        nodes.append(child)
            elif isinstance(value, ast.AST):
                parents[id(value)] = node
                nodes.append(value)
    return nodes, parents


def _levels(nodes: Sequence[ast.AST], parents: Mapping[int, ast.AST]) -> int:
    levels = {id(nodes[0]): 0}
    for node in nodes[1:]:  # a parent stands before its children, but for those of operators, which share one node
        levels[id(node)] = levels.get(id(parents[id(node)]), 0) + 1
    return sum(levels.values())


def _stars(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module and any(alias.name == "*" for alias in node.names):
            yield node.module


def _bare(node: ast.expr) -> ast.expr:
    while isinstance(node, (ast.Await, ast.Subscript)):
        node = node.value
    return node


def _set_by(assignment: ast.Assign) -> set[str]:
    return {node.id for goal in assignment.targets for node in ast.walk(goal) if isinstance(node, ast.Name)}


def _imported(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (top, top)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _given_other_names(bound: Counter[str], renamings: Iterable[Renaming], names: Names) -> Iterator[tuple[str, str]]:
    """`run = asyncio.run` and `order = sorted`: a plain second name for something imported, or for a builtin.

    A second name for a builtin that is set anywhere else as well is left alone: nobody knows then which of the two is meant.
    """
    for target, value in renamings:
        root: ast.AST = value
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name):
            continue
        builtin = root.id in _BUILTINS and not bound[root.id] and bound[target] == 1
        if root.id in names.known or builtin:
            yield target, names.resolve(value)[0]


def _methods(bound: Counter[str], renamings: Iterable[Renaming]) -> Iterator[tuple[str, str]]:
    """`order = values.sort`: names that stand for a method, whatever it is one of."""
    for target, value in renamings:
        if isinstance(value, ast.Attribute) and bound[target] == 1:
            yield target, value.attr


def _renamings(nodes: Iterable[ast.AST]) -> Iterator[Renaming]:
    for node in nodes:
        for target, value in _settings(node):
            if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
                pairs = list(zip(target.elts, value.elts, strict=False))
            else:
                pairs = [(target, value)]
            for goal, given in pairs:
                if isinstance(goal, ast.Name) and isinstance(given, (ast.Name, ast.Attribute)):
                    yield goal.id, given


def _settings(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, ast.arguments):
        positional = [*node.posonlyargs, *node.args]
        last = positional[len(positional) - len(node.defaults) :]
        yield from ((ast.Name(one.arg), default) for one, default in zip(last, node.defaults, strict=True))
        named = zip(node.kwonlyargs, node.kw_defaults, strict=True)
        yield from ((ast.Name(one.arg), default) for one, default in named if default is not None)


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Every name that is set, as often as it is."""
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _own_builtins(
    binding: Iterable[ast.AST], settings: Sequence[ast.AST], names: Names
) -> Mapping[str, frozenset[int]]:
    """`def sorted(...)` and `len = 3` make these something else where they are known; `sorted = sorted` does not."""
    found: dict[str, set[int]] = {}
    pairs = [pair for node in settings for pair in _settings(node)]
    kept = {id(goal) for goal, given in pairs if isinstance(goal, ast.Name) and names.resolve(given) == (goal.id,)}
    kept |= {id(one) for node in settings if isinstance(node, ast.arguments) for one in _by_default_themselves(node)}
    for node in binding:
        for name in _bound([node]):
            if name in _BUILTINS and id(node) not in kept and not isinstance(node, ast.alias):
                found.setdefault(name, set()).add(id(next(names.scopes(node), None)))
    return {name: frozenset(scopes) for name, scopes in found.items()}


def _by_default_themselves(node: ast.arguments) -> Iterator[ast.arg]:
    """`def f(values, sorted=sorted)`."""
    given = {goal.id: value for goal, value in _settings(node) if isinstance(goal, ast.Name)}
    for one in (*node.posonlyargs, *node.args, *node.kwonlyargs):
        value = given.get(one.arg)
        if isinstance(value, ast.Name) and value.id == one.arg:
            yield one


def _outer(name: str) -> str:
    return _INNER.sub("asyncio.", name.removeprefix("builtins.") or name)
