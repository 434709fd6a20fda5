"""The world of a drafted exercise: its sleeps, and what earlier files give, as operations and as code around them.

What an operation takes and gives nobody can read from a file, but for the simplest: those places are marked.
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.authoring.adopted.code import class_needs, class_text, constants_of, free_names, imports_of, text_of
from grader.authoring.adopted.functions import Function, Parameter
from grader.authoring.adopted.generators import own_text
from grader.authoring.adopted.names import all_free, free, key
from grader.authoring.adopted.origins import Origins, Use
from grader.authoring.adopted.reference import Reference, ReferenceFile
from grader.authoring.adopted.sites import sites_of
from grader.authoring.adopted.waits import Wait, is_number, paced, rounds_of, wait_of, yielded

_SLEEP = '    sleep: {params: [delay, "result=None"], key: delay, duration: "=delay", result: "=result"}'
_TODO_TIME = '1 # TODO: seconds, or an expression; `number` counts the calls: "=delays[number % len(delays)]"'
_ORDERS = {  # of a provided generator, which waits before each item
    "before": "",
    "after": "the reference yields, then waits",
    "": "the reference waits at other times",
}
_NOTHING = "pass"  # a file has to be there to be imported, and has something in it
_UNSTEADY = ("random", "time", "secrets", "datetime", "asyncio.sleep", "threading")
_DRAWING = frozenset({"random", "secrets", "time", "datetime"})
_CLOCKS = ("time.time", "time.perf_counter", "time.monotonic", "time.process_time", "timeit.default_timer")
LENGTH = "{number: [3, 8], step: 0.25}"
DRAWN = "{number: [0.5, 9], step: 0.25, list: 10, distinct: true}"
ANSWERS = "{number: [10, 99], step: 0.5, list: 10, distinct: true}"


@dataclass(slots=True)
class DraftWorld:
    """`operations` are by the function that they stand for, and hold for what only calls one of them; `results` are their
    expressions, where those are known; `vars` the values that they are drawn from, `lengths` those of durations that are
    the same for all calls; `keyed` those that have a key, with the place of that parameter and its name.

    `given`: operations that give what generators yield. `offers`: whether there are any. `answered`: what an operation that is
    drawn gives, by how long it takes; `order` is the name of these in the order in which they come, once it has one."""

    lines: list[str] = field(default_factory=list)
    operations: dict[Use, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    vars: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, str] = field(default_factory=dict)
    keyed: dict[str, tuple[int, str]] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    order: str = ""
    offers: bool = False

    def names(self) -> set[str]:
        return {*self.operations.values(), *self.vars, *self.given}

    def witness(self, function: Function) -> str:
        """The selector of an operation whose call shows that the function did something; empty where there is none."""
        used = next((self.operations[use] for use in function.uses if use in self.operations), "")
        return used or ("sleep[*]" if function.sleeps else "")


def world_of(reference: Reference, file: ReferenceFile) -> DraftWorld:
    world = DraftWorld()
    operations, modules = list[str](), list[str]()
    for other in reference.imported(file):
        module = _Module(reference, other, world, is_measured=_measures(file), user=file)
        if other in reference.files:
            module.begin()
            operations += [line for function in other.functions for line in module.provide(function)]
        modules += module.lines(_taken(file, other.module), whole=other not in reference.files)
    for name, use in file.origins.uses.items():  # what is taken by way of another file
        home = reference.home(file, use)
        if home is not None and (found := world.operations.get(Use(home[0].module, home[1].name))) is not None:
            world.operations.setdefault(use, found)
            world.operations.setdefault(Use(use.module, name), found)
    sleeps = any(function.sleeps for function in file.functions)
    operations += [_SLEEP] if sleeps else []
    world.offers = bool(operations)
    read = [f"    {json.dumps(name)}: {json.dumps(text)}" for name, text in reference.read(file).items()]
    if operations or modules or read:
        world.lines = ["world:", *(["  operations:", *operations] if operations else [])]
        world.lines += ["  replaces: [asyncio.sleep]"] if sleeps else []
        world.lines += [*(["  modules:", *modules] if modules else []), *(["  files:", *read] if read else []), ""]
    return world


def _measures(file: ReferenceFile) -> bool:
    """Whether it looks at a clock: then how long an operation takes has a name."""
    return any(name in _CLOCKS for node in file.origins.names.nodes for name in file.origins.plain(node))


def _taken(file: ReferenceFile, module: str) -> frozenset[str]:
    return frozenset(name for one in file.imports if one.module == module for name in one.names)


@dataclass(slots=True)
class _Module:
    """One provided file, for `user`. `held` are operations that stand in it, `names` all that can be used in its code."""

    reference: Reference
    file: ReferenceFile
    world: DraftWorld
    is_measured: bool
    user: ReferenceFile | None = None
    held: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def provide(self, function: Function) -> Iterator[str]:
        """Lines of an operation for it; none where its own text can stand."""
        use = Use(self.file.module, function.name)
        self.names.add(function.name)
        if self._stands_alone(function):
            self.code.append(text_of(function.node))
            calls = next((self.world.operations[one] for one in function.uses if one in self.world.operations), None)
            if calls is not None:
                self.world.operations[use] = calls
            return
        is_called_itself = function.kind in {"coroutine", "function"}
        name = function.name if is_called_itself else f"{function.name}_awaited"
        name = free(name, self.world.names())
        self.world.operations[use] = name
        self.held.append(name)
        wait = wait_of(function, self.file.origins) or Wait()
        given = self._as_it_stands(function, name, wait)
        if given is None:
            self.code += _code(function, name, wait, self.file) if not is_called_itself or name != function.name else ()
        if self.is_measured and not wait.drawn and not wait.seconds:
            self.world.lengths[name] = free("took", self.world.names())
            self.world.vars[self.world.lengths[name]] = LENGTH
        at = _handed_on(self.user, use, function) if self.user is not None else 0
        yield from _scripted(function, name, self.file.origins, self.world, at, gives=given is None)
        if given:
            yield from (f"    {key(given)}:", "      params: []", "      plain: true")
            yield from _result(function, name, self.file.origins, self.world, Wait(), "")

    def _as_it_stands(self, function: Function, name: str, wait: Wait) -> str | None:
        """Writes a generator that waits at other times than before each item with its own text, where that is enough: the
        name of the operation that gives what it yields, empty where none does. None where it is not, or no generator."""
        if function.kind != "async_generator" or (paced(function) == "before" and rounds_of(function)):
            return None
        given = free(f"{function.name}_given", self.world.names())
        waits = f"{name}({', '.join(one.name for one in _slept(function, wait))})"
        found = own_text(function, self.file.origins, waits, f"{given}()", _DRAWING, self.names)
        if found is None:
            return None
        self.code.append(found.text)
        if not found.gives:
            return ""
        self.held.append(given)
        self.world.given.add(given)
        return given

    def begin(self) -> None:
        """What stands before its functions."""
        also, code = imports_of(self.file)
        self.names |= {name.rpartition(".")[2] for name in also}
        self.names |= {alias for line in code for alias in _bound(line)}
        self.names |= {name for constant in constants_of(self.file) for name in constant.names}
        for cls in self.file.top.classes:
            self.names |= {cls.name} if self._is_steady(cls) and class_needs(cls) <= self.names else set()
        self._hand_on_functions()

    def _stands_alone(self, function: Function) -> bool:
        """Whether its own text does the same wherever it stands: it needs nothing that is not there, and draws nothing."""
        if function.kind == "coroutine" or function.sleeps or function.how.runs:
            return False
        return self._is_steady(function.node) and free_names(function.node) <= self.names

    def _is_steady(self, node: ast.AST) -> bool:
        """Whether it draws nothing, looks at no clock and, of a class, waits for nothing."""
        inner = list(ast.walk(node))
        said = (name for one in inner for name in self.file.origins.plain(one))
        waits = isinstance(node, ast.ClassDef) and any(isinstance(one, ast.AsyncFunctionDef) for one in inner)
        return not waits and not any(name == one or name.startswith(f"{one}.") for name in said for one in _UNSTEADY)

    def _with_what_they_need(self, taken: frozenset[str]) -> set[str]:
        """Names of constants and classes, and what stands in the text of these."""
        found, waiting = set(taken), list(taken)
        texts = {name: node for node, names, _ in self._beside() for name in names}
        while waiting:
            node = texts.get(waiting.pop())
            named = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} if node is not None else set[str]()
            waiting += sorted(named - found)
            found |= named
        return found

    def _beside(self) -> Iterator[tuple[ast.stmt, tuple[str, ...], bool]]:
        """Constants and classes: what a file has at its top beside functions and imports, and whether it is the same there."""
        for constant in constants_of(self.file):
            yield constant.node, constant.names, constant.is_plain
        for cls in self.file.top.classes:
            yield cls, (cls.name,), cls.name in self.names

    def _hand_on_functions(self) -> None:
        """What the file itself took from others, and learners take from it."""
        for local, use in self.file.origins.uses.items():
            home = self.reference.home(self.file, use)
            if home is None:
                continue
            written = Use(home[0].module, home[1].name)
            operation = self.world.operations.get(written)
            self.names.add(local)
            if operation == home[1].name:
                self.held.append(operation)
                self.code += [f"{local} = {operation}"] if local != operation else []
            else:
                self.code.append(f"{local} = __import__({written.module!r}).{written.name}")
            if operation is not None:
                self.world.operations.setdefault(Use(self.file.module, local), operation)

    def lines(self, taken: frozenset[str], *, whole: bool) -> Iterator[str]:
        yield f"    {json.dumps(self.file.module, ensure_ascii=False)}:"
        if whole:
            yield from _block([ast.unparse(self.file.top.tree) or _NOTHING])
            return
        also, aliases = imports_of(self.file)
        code, needed = list[str](), self._with_what_they_need(taken)
        for node, names, is_plain in self._beside():
            is_taken = bool(needed.intersection(names))
            text = class_text(node) if isinstance(node, ast.ClassDef) else ast.unparse(node)
            code += [text] if is_plain or is_taken else []
            if not is_plain:
                how = "is provided as it stands there" if is_taken else "is not provided"
                where = f"{self.file.path.name}:{node.lineno}: {', '.join(names)}"
                yield f"      # TODO: {where} {how}; see what learners need of it, under 'code'"
        there = self.names.union(*(names for _, names, _ in self._beside()))
        for name in sorted(name for name in taken - there if not name.startswith("__") and name != "*"):
            yield f"      # TODO: {name!r} is taken from {self.file.path.name}, and is not provided; write it under 'code'"
        held = list(dict.fromkeys(self.held))
        yield f"      operations: [{', '.join(map(key, held))}]"
        if also:
            yield f"      also: [{', '.join(also)}]"
        yield from _block([*aliases, *code, *self.code])


def _block(code: list[str]) -> Iterator[str]:
    if code:
        yield "      code: |"
        yield from (f"        {line}" for text in code for line in text.splitlines())


def _bound(line: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(line)):
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def _handed_on(file: ReferenceFile, use: Use, function: Function) -> int:
    """The place of the first parameter for which `file` hands on one of its own: that is what a call can be known by."""
    for one in file.functions:
        for site in sites_of(one, file.origins).of(frozenset({use})).all:
            for at, parameter in enumerate(function.parameters):
                given = site.given(at, parameter.name)
                if isinstance(given, ast.Name) and given.id in one.steady:
                    return at
    return 0


def _slept(function: Function, wait: Wait) -> tuple[Parameter, ...]:
    """The parameter of a generator that it sleeps: all that the operation in it is called with."""
    return tuple(one for one in (*function.parameters, *function.named) if one.name == wait.seconds)


def _scripted(
    function: Function, name: str, origins: Origins, world: DraftWorld, at: int, *, gives: bool
) -> Iterator[str]:
    """`at`: the place of the parameter that is the key. `gives`: whether it gives something, too."""
    wait = wait_of(function, origins) or Wait()
    is_generator = function.kind == "async_generator"
    parameters = _slept(function, wait) if is_generator else (*function.parameters, *function.named)
    drawn = free("delays", world.names()) if wait.drawn else ""
    names = all_free([one.name for one in parameters], {drawn, world.lengths.get(name, "")})
    yield f"    {key(name)}:"
    yield f"      params: [{', '.join(json.dumps(text, ensure_ascii=False) for text in _params(parameters, names))}]"
    if parameters and not is_generator:  # how long it sleeps says nothing of which call it is
        world.keyed[name] = at, parameters[at].name
        yield f"      key: {key(names[parameters[at].name])}"
    if function.kind == "function":
        yield "      blocking: true"
    seconds = names.get(wait.seconds, "") or world.lengths.get(name, "")
    if drawn:
        world.vars[drawn] = DRAWN
        yield f'      duration: "={drawn}[number % 10]"'
    elif seconds:
        yield f'      duration: "={seconds}"'
    elif is_number(wait.seconds):
        yield f"      duration: {wait.seconds}"
    else:
        yield f"      duration: {_TODO_TIME}"
    if gives:
        yield from _result(function, name, origins, world, wait, drawn)


def _result(
    function: Function, name: str, origins: Origins, world: DraftWorld, wait: Wait, drawn: str
) -> Iterator[str]:
    """`drawn`: the var that has how long it takes."""
    bounds = yielded(function, origins)
    if bounds is not None and all(map(is_number, bounds)):
        values = free("values", world.names())
        world.vars[values] = f"{{number: [{bounds[0]}, {bounds[1]}], step: 0.25, list: 20}}"
        world.results[name] = f"{values}[number % 20]"
        yield f'      result: "={world.results[name]}"'
    elif drawn and wait.given:
        answers = free("answers", world.names())
        world.vars[answers], world.answered[drawn] = ANSWERS, answers
        world.results[name] = f"{answers}[number % 10]"
        yield f'      result: "={world.results[name]}" # has nothing to do with how long it took'
    else:
        yield '      result: "TODO: what it returns"'


def _params(parameters: tuple[Parameter, ...], names: dict[str, str]) -> Iterator[str]:
    """With a default where there is one; and where one has to be, because one stands before it."""
    optional = False
    for one in parameters:
        optional = optional or bool(one.default)
        yield f"{names[one.name]}={default_of(one)}" if optional else names[one.name]


def default_of(parameter: Parameter) -> str:
    """What is computed for a default, an operation cannot have."""
    try:
        value = ast.literal_eval(parameter.value)
    except (ValueError, SyntaxError):
        return "None"
    return parameter.value if value is None or type(value) in (bool, int, float, str) else "None"


def _code(function: Function, operation: str, wait: Wait, file: ReferenceFile) -> Iterator[str]:
    """What stands for a function whose operation has another name than it."""
    given = [one.name + (f"={default_of(one)}" if one.default else "") for one in function.parameters]
    named = [f"{one.name}={default_of(one)}" for one in function.named]
    text = ", ".join([*given, *(["*", *named] if named else [])])
    handed_on = ", ".join(one.name for one in (*function.parameters, *function.named))
    if function.kind == "function_in_loop":
        yield f"import asyncio\ndef {function.name}({text}):\n    return asyncio.create_task({operation}({handed_on}))"
    elif function.kind == "async_generator":
        rounds = rounds_of(function)
        slept = ", ".join(one.name for one in _slept(function, wait))
        order = _ORDERS[paced(function)] if function.sleeps else ""
        if order:
            there = f"{file.path.name}, line {function.node.lineno}"
            order += f"; write here what stands there ({there}), with `await {operation}({slept})` where it sleeps"
        todo = "; ".join(filter(None, ["" if rounds else "how many", order]))
        todo = f" # TODO: {todo}" if todo else ""
        loop = f"    for _ in range({rounds or 3}):{todo}\n        yield await {operation}({slept})"
        yield f"async def {function.name}({text}):\n{loop}"
    else:
        yield f"{function.name} = {operation}"
