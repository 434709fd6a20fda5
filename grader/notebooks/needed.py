"""Of the cells that were run, those that some functions need: a module that stands on its own.

For each name it is the last cell that gives it a value, and the cells that this one needs, in the order in which they were
run. So a cell that was tried and given up has no part in it, and one that takes for ever is not run for nothing.
"""

import ast
import symtable
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.door.cells import MOST, joined
from grader.intake.helpers import ITSELF, Beside, files_among, with_helpers
from grader.intake.magic import as_module
from grader.intake.pasted import plain

Ran = tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Cell:
    """`number` is the one that it is known by, `at` its place among them all.

    `binds`: names that it gives a value; `imports`, those that are modules'; `changes`: what it puts something into.

    `at_once`: names of other cells that it uses while it runs; `later`: those that its functions use. `star`: any name.
    """

    number: int
    at: int
    lines: tuple[str, ...]
    parses: bool = True
    binds: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    at_once: frozenset[str] = frozenset()
    star: bool = False


def standing_alone(
    ran: Sequence[Ran],
    names: Iterable[str],
    origins: Mapping[str, int],
    present: int | None = None,
    beside: Beside | None = None,
) -> bytes | None:
    """The module in which `names` are defined, as far as cells define them; None where no cell defines one.

    `origins`: the cells that are known to have defined a function. `present`: a cell that belongs to it whatever it defines.
    `beside`: the files that cells may import.
    """
    cells = _read_all(ran, beside)
    here = [cell for cell in cells if cell.number == present]
    if any(not cell.parses for cell in here):
        return _module(here)  # it is looked at, and not what it was to take the place of
    taken = _taken(cells, names, origins, here)
    return _module(taken[-MOST:]) if taken else None


def needed(ran: Sequence[Ran], names: Iterable[str]) -> frozenset[int]:
    """The numbers of the cells that `names` need; none where no cell defines one."""
    return frozenset(cell.number for cell in _taken(_read_all(ran), names, {}, ()))


def defined(ran: Sequence[Ran]) -> frozenset[str]:
    """The names that cells give a value."""
    return frozenset(name for cell in _read_all(ran) for name in cell.binds - cell.imports)


def unreadable(ran: Sequence[Ran]) -> tuple[int, ...]:
    """The numbers of the cells that are not valid Python."""
    return tuple(cell.number for cell in _read_all(ran) if not cell.parses)


def _taken(
    cells: Sequence[_Cell], names: Iterable[str], origins: Mapping[str, int], here: Sequence[_Cell]
) -> list[_Cell]:
    choice = _Choice(cells, origins)
    for name in names:
        choice.want(name, None)
    for cell in [*here, *(cell for cell in cells if cell.star)] if choice.taken else ():
        choice.take(cell)
    return sorted(choice.taken.values(), key=lambda cell: cell.at)


def files_of(ran: Sequence[Ran], beside: Beside) -> dict[int, str]:
    """The cells that are made of files, by the numbers that they have here."""
    return files_among(*_given(ran), beside)


def _given(ran: Sequence[Ran]) -> tuple[list[tuple[int, list[str]]], int]:
    """The cells that were run, and a number behind all of theirs."""
    cells = [(number, plain(_lines(text))) for number, text in ran]
    return cells, max((number for number, _ in ran), default=0) + 1


def _read_all(ran: Sequence[Ran], beside: Beside | None = None) -> list[_Cell]:
    cells, behind = _given(ran)
    cells = cells if beside is None else with_helpers(cells, behind, beside)
    found, files = list[_Cell](), set[str]()
    for at, (number, lines) in enumerate(cells):
        one = _read(number, at, tuple(as_module(lines)))
        files |= one.binds if number >= behind else set()
        # who imports a file as a whole may use any of its names
        found.append(replace(one, at_once=one.at_once | files) if any(ITSELF in line for line in lines) else one)
    return found


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def _module(cells: Iterable[_Cell]) -> bytes:
    return joined((cell.number, cell.lines) for cell in cells).encode("utf-8", "surrogatepass")


@dataclass(slots=True)
class _Choice:
    cells: Sequence[_Cell]
    origins: Mapping[str, int]
    taken: dict[int, _Cell] = field(default_factory=dict)
    _wanted: set[tuple[str, int | None]] = field(default_factory=set)

    def take(self, cell: _Cell) -> None:
        """With all that it needs."""
        waiting = [cell]
        while waiting:
            one = waiting.pop()
            if one.number in self.taken:
                continue
            self.taken[one.number] = one
            for name, before in self._needs(one):
                waiting += self._of(name, before)

    def want(self, name: str, before: int | None) -> None:
        for cell in self._of(name, before):
            self.take(cell)

    def _needs(self, cell: _Cell) -> Iterator[tuple[str, int | None]]:
        """While it runs a cell sees what was there before; its functions see what is there when they are called."""
        yield from ((name, cell.at) for name in sorted(cell.at_once))
        yield from ((name, None) for name in sorted(cell.later - cell.imports))

    def _of(self, name: str, before: int | None) -> list[_Cell]:
        """The cell that gives `name` its value, and those that put something into that afterwards."""
        if (name, before) in self._wanted:
            return []
        self._wanted.add((name, before))
        known = [cell for cell in self.cells if before is None or cell.at < before]
        binding = [cell for cell in known if name in cell.binds]
        if before is None:
            binding = [cell for cell in binding if cell.number == self.origins.get(name)] or binding
        if not binding:
            return []
        since = binding[-1].at
        return [binding[-1], *(cell for cell in known if name in cell.changes and cell.at > since)]


def _read(number: int, at: int, lines: tuple[str, ...]) -> _Cell:
    text = "\n".join(lines) + "\n"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            top = symtable.symtable(text, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Cell(number, at, lines, parses=False)
    symbols = top.get_symbols()
    binds = {one.get_name() for one in symbols if one.is_assigned() or one.is_imported() or one.is_namespace()}
    later = {name for table in top.get_children() for name in _globals(table, whole=True)}
    at_once = {one.get_name() for one in symbols if one.is_referenced()}
    at_once |= {name for table in top.get_children() for name in _globals(table, whole=False)}
    return _Cell(
        number,
        at,
        lines,
        binds=frozenset(binds),
        imports=frozenset(one.get_name() for one in symbols if one.is_imported()),
        changes=frozenset(_changed(tree) - binds),
        later=frozenset(later),
        at_once=frozenset((at_once - binds) | _made_anew(tree)),
        star=any(isinstance(one, ast.ImportFrom) and one.names[0].name == "*" for one in tree.body),
    )


def _globals(table: symtable.SymbolTable, *, whole: bool) -> Iterator[str]:
    """What a scope and those in it use of the module; not `whole`: without the bodies of functions, which run later."""
    if (
        not whole
        and table.get_type() == "function"
        and table.get_name() not in ("listcomp", "setcomp", "dictcomp", "genexpr")
    ):
        return
    yield from (one.get_name() for one in table.get_symbols() if one.is_global())
    for child in table.get_children():
        yield from _globals(child, whole=whole)


def _changed(tree: ast.Module) -> set[str]:
    """The names `x` of `x[...] = ...`, `x.y = ...`, while the cell runs."""
    found = set[str]()
    for node in _running(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            base: ast.expr = node
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                found.add(base.id)
    return found


def _made_anew(tree: ast.Module) -> set[str]:
    """The names `x` that a cell makes of what they were before: `x = f(x)`, `x += 1`."""
    found, bound = set[str](), set[str]()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            read = {*_names(node.value, ast.Load)} if node.value is not None else set()
            if isinstance(node, ast.AugAssign):
                read |= {*_names(node.target, ast.Store)}
            written = {*_names(node, ast.Store)}
            found |= (read & written) - bound
        bound |= {name for one in (node, *_running(node)) for name in _bound_by(one)}
    return found


def _names(node: ast.AST, kind: type[ast.expr_context]) -> Iterator[str]:
    yield from (one.id for one in (node, *_running(node)) if isinstance(one, ast.Name) and isinstance(one.ctx, kind))


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _running(child)
