"""The functions of a reference file, as their text tells them: kind, arguments, sleeps, what they use of other files.

What the text does not tell is a note with its line, and never a guess.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.authoring.adopted.kinds import Kind, Kinds, calls_in, own
from grader.authoring.adopted.origins import Origins, Use
from grader.authoring.adopted.tops import Function as Node
from grader.authoring.adopted.tops import Top
from grader.course.functions import FUNCTIONS
from grader.course.model import EntryKind, Returns


@dataclass(frozen=True, slots=True)
class Parameter:
    """`default` and `annotation` are the text of the expressions, empty where there is none; `value` that of the default, or of
    the constant that it names."""

    name: str
    default: str = ""
    annotation: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What the text of a file does not tell, or a course cannot have, on its line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Function:
    """A public function of a file. `sleeps` are the arguments of its asyncio.sleep, as text, and of what it calls in its file;
    `uses` what it uses of other files. `named` are parameters that are given by name only."""

    name: str
    how: Kind
    parameters: tuple[Parameter, ...]
    named: tuple[Parameter, ...]
    sleeps: tuple[str, ...]
    uses: tuple[Use, ...]
    notes: tuple[Note, ...]
    node: Node

    @property
    def kind(self) -> EntryKind:
        return self.how.entry

    @property
    def is_entry(self) -> bool:
        """An ordinary generator is none: nobody would go through it. Some names are taken."""
        return self.name not in FUNCTIONS and (self.kind != "function" or not _generates(self.node))

    @property
    def returns(self) -> Returns | None:
        return self.how.returns

    @property
    def steady(self) -> frozenset[str]:
        """The parameters whose names stand for nothing else in it: no variable, and none of a comprehension or a lambda."""
        inner = [one for part in self.node.body for one in ast.walk(part)]
        others = {one.id for one in inner if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)}
        others |= {one.arg for one in inner if isinstance(one, ast.arg)}
        return frozenset(one.name for one in (*self.parameters, *self.named)) - others

    @property
    def doc(self) -> str:
        return ast.get_docstring(self.node) or ""


def functions_of(top: Top, origins: Origins, known: Callable[[Use], Function | None]) -> Iterator[Function]:
    """The public ones; `known` tells of those of other files."""

    def kind_of(use: Use) -> Kind | None:
        other = known(use)
        return other.how if other is not None else None

    kinds = Kinds(top.functions, origins, kind_of, {cls.name: cls for cls in top.classes})
    for name, node in top.functions.items():
        if not (name.startswith("_") or name in top.demo):
            reached, kind = list(kinds.all_reached(node)), kinds.of(node)
            used = {use for one in reached for use in _uses(one, origins) if known(use) is not None}
            yield Function(
                name,
                kind,
                tuple(_positional(node.args, top)),
                tuple(_named_only(node.args, top)),
                tuple(text for one in reached for text in _sleeps(one, origins)),
                tuple(sorted(used)),
                tuple(_notes(node, kind, name in top.maybe)),
                node,
            )


def _sleeps(node: ast.AST, origins: Origins) -> Iterator[str]:
    for call in calls_in(node):
        if "asyncio.sleep" in origins.plain(call.func):
            given = [*call.args, *(one.value for one in call.keywords if one.arg == "delay")]
            yield from map(ast.unparse, given[:1])


def _uses(node: ast.AST, origins: Origins) -> Iterator[Use]:
    return (use for one in ast.walk(node) if (use := origins.use(one)) is not None)


def _positional(args: ast.arguments, top: Top) -> Iterator[Parameter]:
    positional = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    for one, default in zip(positional, [*defaults, *args.defaults], strict=True):
        yield _parameter(one, default, top)


def _named_only(args: ast.arguments, top: Top) -> Iterator[Parameter]:
    for one, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield _parameter(one, default, top)


def _parameter(one: ast.arg, default: ast.expr | None, top: Top) -> Parameter:
    said, annotation = (ast.unparse(part) if part is not None else "" for part in (default, one.annotation))
    return Parameter(one.arg, said, annotation, top.number(said) or said)


# ---------------------------------------------------------------- what is not told


def _notes(node: Node, kind: Kind, maybe: bool) -> Iterator[Note]:
    name, args = repr(node.name), node.args
    if maybe:
        yield Note(node.lineno, f"{name} stands under a condition; see whether it is the one that is meant")
    for decorator in node.decorator_list:
        yield Note(
            decorator.lineno, f"{name} is decorated; see whether it is still the {kind.entry} that its 'def' says"
        )
    for one, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if default is None:
            message = f"{one.arg!r} of {name} is given by name only, and entries are called by position"
            yield Note(one.lineno, f"{message}; this one cannot be called")
    for rest in (args.vararg, args.kwarg):
        if rest is not None:
            yield Note(rest.lineno, f"{name} takes as many arguments as there are in {rest.arg!r}; give some in 'args'")
    if kind.given == "tasks":
        message = "gives back several things that nobody awaits; check what they call or sleep, not what they give"
        yield Note(node.lineno, f"{name} {message}")
    if isinstance(node, ast.FunctionDef) and _generates(node):
        yield Note(
            node.lineno, f"{name} is an ordinary generator, and no kind of entry goes through it; it is left out"
        )


def _generates(node: Node) -> bool:
    return any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own(node))


def notes_of(top: Top, origins: Origins) -> Iterator[Note]:
    """What of a whole file a course cannot have, or its text does not tell."""
    for name, node in top.functions.items():
        if name in FUNCTIONS:
            message = "has the name of a function of expressions, which no entry can have; it is left out"
            yield Note(node.lineno, f"{name!r} {message}")
        elif name in top.demo:
            yield Note(node.lineno, f"{name!r} is what the main block runs; it is left out")
    kinds = Kinds(top.functions, origins, lambda use: None, {cls.name: cls for cls in top.classes})
    used = {id(one) for name, node in top.functions.items() if name not in top.demo for one in kinds.all_reached(node)}
    for cls in top.classes:
        if id(cls) not in used:
            message = "is no entry, and no function that could be one uses it"
            yield Note(cls.lineno, f"the class {cls.name!r} {message}; what uses it has to be written by you")
    for constant in top.constants:
        if not constant.is_plain and not is_import(constant.node, origins):
            names = ", ".join(map(repr, constant.names)) or "something"
            yield Note(constant.node.lineno, f"{names} is made while the file is imported; it is left out")
    for done in top.statements:
        if isinstance(done, ast.Expr) and any(_runs_a_loop(call, origins) for call in calls_in(done)):
            text = "runs a loop while the file is imported, and such a file earns nothing"
            yield Note(done.lineno, f"{ast.unparse(done)} {text}; put it under 'if __name__ == \"__main__\":'")
    for call in origins.unknown():
        yield Note(call.lineno, f"{ast.unparse(call)} does not tell which file it imports; add that to 'needs'")
    for one in origins.names.nodes:
        if isinstance(one, ast.ImportFrom) and one.level:
            text = f"{ast.unparse(one)!r} is a relative import, and files are graded without a package"
            yield Note(one.lineno, f"{text}; it cannot be done")


def _runs_a_loop(call: ast.Call, origins: Origins) -> bool:
    by_method = isinstance(call.func, ast.Attribute) and call.func.attr in ("run_until_complete", "run_forever")
    return by_method or "asyncio.run" in origins.plain(call.func)


def is_import(node: ast.AST, origins: Origins) -> bool:
    """Whether a statement imports something, or gives it another name: `wait = __import__("0-wait").wait`."""
    calls = list(calls_in(node))
    return any(origins.is_import(call) or origins.module(call) or origins.use(call) for call in calls)
