"""exercise.yaml of a drafted exercise; what the reference file does not tell is marked TODO, with the file's line."""

import ast
import re
from collections.abc import Iterator, Sequence

from grader.authoring.adopted.checks import checks_of, drafts_of
from grader.authoring.adopted.code import foreign, packages
from grader.authoring.adopted.defaults import default_cases, default_check, untold
from grader.authoring.adopted.drafting import MANY, Drafting, is_together, shows_work, times_of
from grader.authoring.adopted.draws import draw_of, ranges_of
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.names import free, key, plain, quoted
from grader.authoring.adopted.reference import Reference, ReferenceFile
from grader.authoring.adopted.variables import names_of, variables_of
from grader.authoring.adopted.world import world_of

POINTS, _EACH = 10, 3  # of an exercise, and of an entry where there are many: for more than one check
SLEEPS = "Where something waits, let it wait with `await asyncio.sleep(...)`: no other waiting counts."
DOCS = "https://docs.python.org/3/library/asyncio-task.html"
_CONCEPT = re.compile(r"asyncio\.[A-Za-z_]+")


def exercise_of(
    reference: Reference, file: ReferenceFile, slug: str, needed: Sequence[str], within: str
) -> tuple[list[str], int]:
    """Its lines, and its points. `needed` are the slugs of exercises before it, `within` the folder in which learners have the
    file."""
    world = world_of(reference, file)
    variables = variables_of(reference, file, world)
    drafting = Drafting(reference, file, world, names_of(variables))
    such_that = list(_in_order(drafting))
    ranges = list(ranges_of(drafting))
    luck = [_LUCK, *such_that] if such_that else ["such_that:"] if ranges else []
    lines = [*_todo_lines(reference, file), "schema: 1", f"slug: {key(slug)}", f"module: {quoted(file.module)}"]
    lines.append(f"within: {quoted(within)}")
    if reference.needs(file):
        lines.append(f"needs: [{', '.join(map(quoted, reference.needs(file)))}]")
    goal = first_sentence(ast.get_docstring(file.top.tree) or file.entries[0].doc)
    lines.append(f"goal: {quoted(goal) if goal else quoted('TODO: one sentence')}")
    lines.append(f"concepts: [{', '.join(_concepts(file)) or 'TODO'}]")
    lines += [f"prerequisites: [{', '.join(map(key, needed))}]"] if needed else []
    lines += ["docs:", f"  - {DOCS}", "prompt: |", *_prompt(drafting), ""]
    drawn = [f"  {key(one.name)}: {draw_of(drafting, one)}" for one in variables]
    drawn += [f"  {key(name)}: {draw}" for name, draw in world.vars.items()]
    lines += ["vars:", *drawn] if drawn else []
    lines += [*luck, *ranges]
    lines += [""] if drawn else []
    lines += [*world.lines, "entries:"]
    shares = _shares(drafting)
    for function, points in zip(file.entries, shares, strict=True):
        lines += _entry(drafting, function, points)
    lines += ["", "cases:", *_cases(drafting, any(": {" in one for one in drawn)), ""]
    return [*lines, "hints:", f"  - {quoted('TODO: a question')}"], sum(shares)


def _todo_lines(reference: Reference, file: ReferenceFile) -> Iterator[str]:
    for note in file.notes:
        yield f"# TODO: {file.path.name}:{note.line}: {plain(note.text)}"
    folders = {folder.name for one in reference.files for folder in (one.path.parent, one.path.parent.parent)}
    beside, told = packages(file), set[str]()
    for line, name in foreign(file):
        if (top := name.partition(".")[0]) in told:
            continue
        why = "is not Python's own; name its package in course.yaml, or do without"
        if top in beside:
            told.add(top)
            name, why = (
                top,
                "is a folder beside the file; a learner's own is found beside theirs: see that all have it",
            )
        elif top in folders:
            why = "is imported from a folder, and files are graded without a package; it cannot be done"
        yield f"# TODO: {file.path.name}:{line}: {name!r} {why}"


def _concepts(file: ReferenceFile) -> list[str]:
    """What its functions use of asyncio."""
    said = (name for function in file.entries for one in ast.walk(function.node) for name in file.origins.plain(one))
    return [name for name in dict.fromkeys(said) if _CONCEPT.fullmatch(name)]


def first_sentence(text: str) -> str:
    line = " ".join(plain(text.split("\n\n")[0].replace("\n", " ")).split())
    return line if len(line) <= 200 else line[:199].rpartition(" ")[0] or line[:199]


def _prompt(drafting: Drafting) -> Iterator[str]:
    yield "  TODO: what is returned, of which type and in which order; the docstrings say:"
    if any(drafting.world.witness(one) == "sleep[*]" and shows_work(drafting, one) for one in drafting.file.entries):
        yield from ("", f"  {SLEEPS}")
    for function in drafting.file.entries:
        yield ""
        yield f"  {plain(signature(function))}"
        yield from (f"    {line.strip()}" for line in map(plain, function.doc.splitlines()) if line.strip())


def signature(function: Function) -> str:
    given = [one.name + (f"={one.default}" if one.default else "") for one in function.parameters]
    named = [one.name + (f"={one.default}" if one.default else "") for one in function.named]
    return f"{function.name}({', '.join([*given, *(['*', *named] if named else [])])})"


_LUCK = "such_that: # so that neither sorting nor the order of the calls is right by luck"


def _in_order(drafting: Drafting) -> Iterator[str]:
    """Conditions on what several that start at once give, and a name for it in the order in which it comes."""
    world = drafting.world
    for function in drafting.file.entries:
        times = times_of(drafting, function)
        used = next((world.operations[use] for use in function.uses if use in world.operations), "")
        given = world.results.get(used, "").partition("[number % 10]")[0]
        delays = next((name for name, answers in world.answered.items() if answers == given), "")
        few = times.isdigit() and not 3 <= int(times) <= 10
        if delays and not few and (times.isdigit() or times.isidentifier()) and is_together(drafting, function):
            world.order = free("in_order", {*world.names(), *drafting.values()})
            pairs = f"[{delays}[at], {given}[at]] for at in range({times})"
            world.vars[world.order] = quoted(f"=[pair[1] for pair in sorted([{pairs}])]")
            asked = f"{given}[:{times}]"
            for other in (asked, f"list(reversed({asked}))", f"sorted({asked})", f"sorted({asked}, reverse=True)"):
                yield f"  - {quoted(f'={world.order} != {other}')}"
            return


def _shares(drafting: Drafting) -> list[int]:
    """The points of each entry, in whole numbers: one for each of its checks at least, and as even as that allows."""
    entries = drafting.file.entries
    shares = [len(drafts_of(drafting, one)) + (default_check(drafting, one) is not None) for one in entries]
    for _ in range(max(POINTS, _EACH * len(entries)) - sum(shares)):
        shares[shares.index(min(shares))] += 1
    return shares


def _entry(drafting: Drafting, function: Function, points: int) -> Iterator[str]:
    given = ", ".join(quoted(f"={drafting.named(function, one.name)}") for one in function.parameters)
    yield f"  {key(function.name)}:"
    if function.kind != "coroutine":
        yield f"    kind: {function.kind}"
    if function.returns is not None:
        yield f"    returns: {function.returns}"
    if drafting.world.offers and not shows_work(drafting, function):
        yield "    work: false"
    yield f"    args: [{given}]"
    yield "    checks:"
    yield from checks_of(drafting, function, points, default_check(drafting, function))
    yield from untold(drafting, function)


def _cases(drafting: Drafting, drawn: bool) -> Iterator[str]:
    shown = [function.name for function in drafting.file.entries if drafting.is_shown(function)]
    others = [function.name for function in drafting.file.entries if function.name not in shown]
    if shown:
        only = f", only: [{', '.join(map(key, shown))}]" if others else ""
        yield f"  - {{name: many, repeat: {MANY}{only}}}"
    if others:
        only = f", only: [{', '.join(map(key, others))}]" if shown else ""
        yield f"  - {{name: drawn, draws: 2{only}}}" if drawn else f"  - {{name: once{only}}}"
    yield from default_cases(drafting, shown)
