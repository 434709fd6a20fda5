"""What the names of a reference file stand for: other files of its folder, what is taken from them, and Python's own.

However it was imported: `import`, `from`, `__import__("0-x")`, importlib, a path; under another name, or by way of a variable.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from grader.checks.imports import Names

_BY_NAME = frozenset({"__import__", "builtins.__import__", "importlib.__import__", "importlib.import_module"})
_BY_PATH = frozenset({"importlib.util.spec_from_file_location", "importlib.machinery.SourceFileLoader"})
# What gives the module that its argument is about.
_KEEPERS = frozenset({"importlib.util.module_from_spec", "importlib.reload", "vars"})
_KEEPING_METHODS = frozenset({"load_module", "create_module"})


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """A name of another file of the folder."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Imported:
    """`names` that are taken from another file of the same folder; `*` for all."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origins:
    """`there`: the modules of the folder. `modules` and `uses` are by the names that they have in this file."""

    there: frozenset[str]
    names: Names
    given: Mapping[str, ast.expr]
    modules: dict[str, str] = field(default_factory=dict)
    uses: dict[str, Use] = field(default_factory=dict)

    def plain(self, node: ast.AST) -> tuple[str, ...]:
        """The dotted names that an expression may stand for: `asyncio.sleep` for `nap`."""
        return self.names.resolve(node)

    def is_one_of(self, node: ast.AST, names: frozenset[str]) -> bool:
        return not names.isdisjoint(self.plain(node))

    def is_pythons(self, node: ast.AST, name: str) -> bool:
        """Whether it is the builtin of this name: not so where a file of the folder brings another by `*`."""
        return name in self.plain(node) and not (isinstance(node, ast.Name) and node.id in self.uses)

    def use(self, node: ast.AST) -> Use | None:
        """What an expression takes from another file: a name for it, `x.name` or `getattr(x, "name")` of the file."""
        if isinstance(node, ast.Name):
            return self.uses.get(node.id)
        if isinstance(node, ast.Attribute):
            module = self.module(node.value)
            return Use(module, node.attr) if module else None
        if isinstance(node, ast.Call) and self.is_pythons(node.func, "getattr") and len(node.args) > 1:
            module, name = self.module(node.args[0]), node.args[1]
            if module and isinstance(name, ast.Constant) and isinstance(name.value, str):
                return Use(module, name.value)
        return None

    def module(self, node: ast.AST, seen: frozenset[str] = frozenset()) -> str | None:
        """The file that an expression is: a name of it, or what an import by name or path gives."""
        if isinstance(node, ast.Name):
            if node.id in self.modules:
                return self.modules[node.id]
            value = self.given.get(node.id)
            return self.module(value, seen | {node.id}) if value is not None and node.id not in seen else None
        if isinstance(node, ast.Subscript) and "sys.modules" in self.plain(node.value):
            return next(self._mentioned(node.slice), None)
        if not isinstance(node, ast.Call):
            return None
        if self.is_import(node):
            return next((name for argument in self._saying(node) for name in self._mentioned(argument)), None)
        if self.is_one_of(node.func, _KEEPERS) and node.args:
            return self.module(node.args[0], seen)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPING_METHODS:
            return self.module(node.func.value, seen)
        return None

    def line_of(self, module: str) -> int:
        """Where it is imported first; 1 where that cannot be told."""
        lines = [
            node.lineno
            for node in self.names.nodes
            if (isinstance(node, ast.Import) and module in {alias.name for alias in node.names})
            or (isinstance(node, ast.ImportFrom) and node.module == module)
            or (isinstance(node, ast.Call) and self.module(node) == module)
        ]
        return min(lines, default=1)

    def unknown(self) -> Iterator[ast.Call]:
        """Imports of which the text does not tell what is imported."""
        for node in self.names.nodes:
            if isinstance(node, ast.Call) and self.is_import(node):
                yield from () if [text for one in self._saying(node) for text in self._texts(one)] else (node,)

    def imports(self) -> Iterator[Imported]:
        """By the modules' names."""
        found: dict[str, set[str]] = {module: set() for module in self.modules.values()}
        for node in self.names.nodes:
            if isinstance(node, ast.ImportFrom) and not node.level and node.module in self.there:
                found.setdefault(node.module, set()).update(alias.name for alias in node.names)
            elif isinstance(node, ast.Attribute | ast.Call):
                module, use = self.module(node), self.use(node)
                if module:
                    found.setdefault(module, set())
                if use:
                    found.setdefault(use.module, set()).add(use.name)
        for module, names in sorted(found.items()):
            yield Imported(module, tuple(sorted(names - {"loader", "__dict__"})))

    def is_import(self, call: ast.Call) -> bool:
        """Whether it imports a module that it names, or names in a variable."""
        return self.is_one_of(call.func, _BY_NAME | _BY_PATH)

    def _saying(self, call: ast.Call) -> list[ast.expr]:
        """The arguments of an import that say what: a path is more than the name that is made up for it."""
        at = int(self.is_one_of(call.func, _BY_PATH))
        named = [keyword.value for keyword in call.keywords if keyword.arg in {"name", "location", "path"}]
        return [*call.args[at : at + 1], *reversed(named)]

    def _mentioned(self, node: ast.expr) -> Iterator[str]:
        return (name for name in map(_named, self._texts(node)) if name in self.there)

    def _texts(self, node: ast.expr, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """The texts in an expression, and in what its names were set to."""
        for one in ast.walk(node):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value
            elif isinstance(one, ast.Name) and one.id in self.given and one.id not in seen:
                yield from self._texts(self.given[one.id], seen | {one.id})


def origins_of(tree: ast.Module, there: frozenset[str]) -> Origins:
    names = Names.of(tree)
    origins = Origins(there, names, _given(names))
    for node in names.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in there:
                    origins.modules[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module in there:
            for alias in node.names:
                origins.uses[alias.asname or alias.name] = Use(node.module, alias.name)
    return _with_other_names(origins)


def _with_other_names(origins: Origins) -> Origins:
    """With what is given to names: `wait = __import__("0-wait").wait`."""
    for name, value in origins.given.items():
        module, use = origins.module(value), origins.use(value)
        if module:
            origins.modules[name] = module
        elif use:
            origins.uses[name] = use
    return origins


def with_stars(origins: Origins, own: Collection[str], others: Mapping[str, tuple[Iterable[str], Origins]]) -> Origins:
    """With what `from base import *` brings, but for what the file has of its `own`.

    `others`: by module, the names of its functions, and what its names stand for.
    """
    uses, stars = dict[str, Use](), list(origins.names.stars)
    for module in origins.names.stars:
        names, other = others.get(module, ((), None))
        if other is not None and module in origins.there:
            found = (one for one in (*names, *other.uses) if not one.startswith("_") and one != "*")
            uses |= {name: Use(module, name) for name in found if name not in (origins.given.keys() | own)}
            stars += [star for star in other.names.stars if star not in stars]
    if not uses and len(stars) == len(origins.names.stars):
        return origins
    names_of_all = replace(origins.names, stars=tuple(stars))
    return _with_other_names(replace(origins, names=names_of_all, uses=uses | origins.uses))


def _given(names: Names) -> dict[str, ast.expr]:
    """What each name is set to; the last of several."""
    found: dict[str, ast.expr] = {}
    for node in names.nodes:
        if isinstance(node, ast.Assign):
            found |= {goal.id: node.value for goal in node.targets if isinstance(goal, ast.Name)}
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def _named(text: str) -> str:
    """What a file is called in an import or a path: `0-a`, `./0-a.py`."""
    return text.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
