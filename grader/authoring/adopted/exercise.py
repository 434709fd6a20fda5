"""exercise.yaml of a drafted exercise; what the reference file does not tell is marked TODO, with the file's line."""

import ast
import re
from collections.abc import Iterator, Sequence

from grader.authoring.adopted.checks import Drafting, checks_of
from grader.authoring.adopted.code import foreign
from grader.authoring.adopted.functions import Function, Parameter
from grader.authoring.adopted.names import all_free, key, plain, quoted
from grader.authoring.adopted.reference import Reference, ReferenceFile
from grader.authoring.adopted.world import world_of

POINTS = 10
DOCS = "https://docs.python.org/3/library/asyncio-task.html"
_CONCEPT = re.compile(r"asyncio\.[A-Za-z_]+")


def exercise_lines(reference: Reference, file: ReferenceFile, slug: str, needed: Sequence[str]) -> list[str]:
    world = world_of(reference, file)
    parameters = {one.name: one for function in file.entries for one in function.parameters}
    names = all_free(parameters, world.names())
    drafting = Drafting(reference, file, world, names)
    lines = [*_todo_lines(file), "schema: 1", f"slug: {key(slug)}", f"module: {quoted(file.module)}"]
    lines.append(f"within: {quoted(file.within)}")
    if reference.needs(file):
        lines.append(f"needs: [{', '.join(map(quoted, reference.needs(file)))}]")
    goal = first_sentence(ast.get_docstring(file.top.tree) or file.entries[0].doc)
    lines.append(f"goal: {quoted(goal) if goal else quoted('TODO: one sentence')}")
    lines.append(f"concepts: [{', '.join(_concepts(file)) or 'TODO'}]")
    lines += [f"prerequisites: [{', '.join(map(key, needed))}]"] if needed else []
    lines += ["docs:", f"  - {DOCS}", "prompt: |", *_prompt(file), ""]
    drawn = [f"  {key(names[name])}: {_draw(one)}" for name, one in parameters.items()]
    drawn += [f"  {key(name)}: {draw}" for name, draw in world.vars.items()]
    lines += ["vars:", *drawn, ""] if drawn else []
    lines += [*world.lines, "entries:"]
    for function, points in zip(file.entries, _shares(points_of(file), len(file.entries)), strict=True):
        lines += _entry(drafting, function, points)
    return [*lines, "", "cases:", *_cases(drafting, bool(drawn)), "", "hints:", f"  - {quoted('TODO: a question')}"]


def _todo_lines(file: ReferenceFile) -> Iterator[str]:
    for note in file.notes:
        yield f"# TODO: {file.path.name}:{note.line}: {plain(note.text)}"
    for line, name in foreign(file):
        yield f"# TODO: {file.path.name}:{line}: {name!r} is not Python's own; name its package in course.yaml, or do without"


def _concepts(file: ReferenceFile) -> list[str]:
    """What its functions use of asyncio."""
    said = (name for function in file.entries for one in ast.walk(function.node) for name in file.origins.plain(one))
    return [name for name in dict.fromkeys(said) if _CONCEPT.fullmatch(name)]


def first_sentence(text: str) -> str:
    line = " ".join(plain(text.split("\n\n")[0].replace("\n", " ")).split())
    return line if len(line) <= 200 else line[:199].rpartition(" ")[0] or line[:199]


def _prompt(file: ReferenceFile) -> Iterator[str]:
    yield "  TODO: what is returned, of which type and in which order; the docstrings say:"
    for function in file.entries:
        yield ""
        yield f"  {plain(signature(function))}"
        yield from (f"    {line.strip()}" for line in map(plain, function.doc.splitlines()) if line.strip())


def signature(function: Function) -> str:
    given = [one.name + (f"={one.default}" if one.default else "") for one in function.parameters]
    named = [one.name + (f"={one.default}" if one.default else "") for one in function.named]
    return f"{function.name}({', '.join([*given, *(['*', *named] if named else [])])})"


def _draw(parameter: Parameter) -> str:
    kind = parameter.annotation.strip("'\"") or _kind_of(parameter.default)
    draws = {"int": "{int: [2, 6]}", "float": "{number: [1, 9], step: 0.5}", "str": "{word: true}"}
    return draws.get(kind, "{int: [2, 6]} # TODO: the text does not tell what this is")


def _kind_of(default: str) -> str:
    try:
        return type(ast.literal_eval(default)).__name__ if default else ""
    except (ValueError, SyntaxError):
        return ""


def points_of(file: ReferenceFile) -> int:
    """Each entry has some."""
    return max(POINTS, len(file.entries))


def _shares(points: int, entries: int) -> list[int]:
    """In whole numbers."""
    most, rest = divmod(points, entries)
    return [most + (at < rest) for at in range(entries)]


def _entry(drafting: Drafting, function: Function, points: int) -> Iterator[str]:
    given = ", ".join(quoted(f"={drafting.names[one.name]}") for one in function.parameters)
    yield f"  {key(function.name)}:"
    if function.kind != "coroutine":
        yield f"    kind: {function.kind}"
    if function.returns is not None:
        yield f"    returns: {function.returns}"
    yield f"    args: [{given}]"
    yield "    checks:"
    yield from checks_of(drafting, function, points)


def _cases(drafting: Drafting, drawn: bool) -> Iterator[str]:
    shown = [function.name for function in drafting.file.entries if drafting.is_shown(function)]
    others = [function.name for function in drafting.file.entries if function.name not in shown]
    if shown:
        only = f", only: [{', '.join(map(key, shown))}]" if others else ""
        yield f"  - {{name: many, repeat: 100{only}}}"
    if others:
        only = f", only: [{', '.join(map(key, others))}]" if shown else ""
        yield f"  - {{name: drawn, draws: 2{only}}}" if drawn else f"  - {{name: once{only}}}"
