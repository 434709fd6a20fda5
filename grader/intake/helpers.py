"""Files beside a notebook that its cells import, or run: each becomes a cell before the one that asks for it first.

So does what a cell under `%%writefile` would write. So what is read in a program is read there, too. A file whose names would
get in the way of the notebook's own is left alone, and its import fails.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from grader.intake.magic import statements
from grader.intake.pasted import plain

Beside = Callable[[str], bytes | None]
Cells = list[tuple[int, list[str]]]

_GIVES = re.compile(r"(?:(?:async[ \t]+)?def[ \t]+(\w+)|class[ \t]+(\w+)|(\w+)[ \t]*=(?!=))")
_FROM = re.compile(r"([ \t]*)from[ \t]+(\w+)[ \t]+import\b(.+)", re.DOTALL)
_WHOLE = re.compile(r"([ \t]*)import\b([^;]+)", re.DOTALL)
_WRITTEN = re.compile(r"%%(?:writefile|file)[ \t]+([\"']?)(?:\./)?(\w+)\.py\1[ \t]*")
_RUN = re.compile(r"([ \t]*)%run[ \t]+(?:-i[ \t]+)?([\"']?)(?:\./)?(\w+)(?:\.py)?\2[ \t]*")
_NAME = re.compile(r"(\w+)(?:\s+as\s+(\w+))?")
ITSELF = '__import__("sys").modules[__name__]'  # where the names of the file are, which is a cell like any other


class _Import(NamedTuple):
    """`names`: what is imported of the module, and as what; None for all. `whole`: the name that the module itself has."""

    module: str
    names: tuple[tuple[str, str], ...] | None
    whole: str = ""


class _Statement(NamedTuple):
    """It stands in the lines `first` to `end`, without that. `others`: what else it imports, as it is written there."""

    first: int
    end: int
    indent: str
    imports: tuple[_Import, ...]
    others: tuple[str, ...] = ()


def given(lines: list[str]) -> list[str]:
    """The names to which lines give a value at their top."""
    found = (_GIVES.match(lines[at]) for at in statements("\n".join(lines)))
    return [one[1] or one[2] or one[3] for one in found if one is not None]


def with_helpers(cells: Cells, behind: int, beside: Beside) -> Cells:
    """The cells, and among them those made of files, which are numbered from `behind` on. `beside`: the text of the file of a
    module's name, or None."""
    return _made(cells, behind, beside)[0]


def files_among(cells: Cells, behind: int, beside: Beside) -> dict[int, str]:
    """The numbers of those made of files, with the files' names."""
    return {number: f"{module}.py" for module, number in _made(cells, behind, beside)[1].items()}


def _made(cells: Cells, behind: int, beside: Beside) -> tuple[Cells, dict[str, int]]:
    made, known, written = Cells(), dict[str, int](), dict[str, list[str]]()

    def text_of(module: str) -> list[str]:
        if module in written:
            return written[module]
        text = beside(module)
        return [] if text is None else _decoded(text)

    def add(number: int, lines: list[str], at: int) -> None:
        listed = list(_statements(lines))
        for one in (one for statement in listed for one in statement.imports):
            left = one.module in known or one.module in sys.stdlib_module_names
            helper = [] if left else plain(text_of(one.module))
            if helper and not _in_the_way(helper, one, [own for _, own in cells], at):
                known[one.module] = behind + len(known)
                add(known[one.module], helper, at)
        made.append((number, _without(lines, listed, known)))

    for at, (number, lines) in enumerate(cells):
        add(number, lines, at)
        if lines and (found := _WRITTEN.fullmatch(lines[0])):
            written[found[2]] = lines[1:]
    return made, known


def _decoded(text: bytes) -> list[str]:
    plain_text = text.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return plain_text.removesuffix("\n").split("\n")


def _in_the_way(helper: list[str], one: _Import, cells: Sequence[list[str]], at: int) -> bool:
    """Whether a name of the file's would take the place of another of the notebook's, or the other way round."""
    names = {*given(helper)}
    asked = names if one.names is None else {name for name, _ in one.names}
    return one.whole in names or _meets(names - asked, cells[:at]) or _meets(names, cells[at:])


def _meets(names: Collection[str], cells: Sequence[list[str]]) -> bool:
    return any(not {*names}.isdisjoint(given(lines)) for lines in cells) if names else False


def _statements(lines: list[str]) -> Iterator[_Statement]:
    """Those that import something, or run a file."""
    text = "\n".join(lines)
    if "import" not in text and "%run" not in text:
        return
    for first, end in pairwise([*statements(text), len(lines)]):
        written = "\n".join(line.partition("#")[0] for line in lines[first:end])
        if found := _FROM.fullmatch(written):
            names = _listed(found[3])
            if names == ["*"] or all(map(_NAME.fullmatch, names)):
                pairs = None if names == ["*"] else tuple(_named(one) for one in names)
                yield _Statement(first, end, found[1], (_Import(found[2], pairs),))
        elif found := _WHOLE.fullmatch(written):
            names = _listed(found[2])
            modules = [_named(one) for one in names if _NAME.fullmatch(one)]
            others = tuple(one for one in names if not _NAME.fullmatch(one))
            yield _Statement(first, end, found[1], tuple(_Import(name, (), new) for name, new in modules), others)
        elif found := _RUN.fullmatch(written):
            yield _Statement(first, end, found[1], (_Import(found[3], None),))


def _listed(names: str) -> list[str]:
    return [one.strip() for one in re.sub(r"[()\\]", " ", names).strip().strip(",").split(",")]


def _named(one: str) -> tuple[str, str]:
    found = _NAME.fullmatch(one)
    assert found is not None
    return found[1], found[2] or found[1]


def _without(lines: list[str], listed: Sequence[_Statement], known: Collection[str]) -> list[str]:
    """As many lines; of an import of what is `known` only other names are left."""
    made = [*lines]
    for one in listed:
        if not any(part.module in known for part in one.imports):
            continue
        left = "; ".join(_left(one, known)) or "pass"
        made[one.first : one.end] = [f"# {line}" for line in lines[one.first : one.end]]
        made[one.first] = f"{one.indent}{left}  {made[one.first]}"
    return made


def _left(statement: _Statement, known: Collection[str]) -> Iterator[str]:
    others = [
        *statement.others,
        *(f"{one.module} as {one.whole}" for one in statement.imports if one.module not in known),
    ]
    if others:
        yield f"import {', '.join(others)}"
    for one in statement.imports:
        if one.module in known:
            yield from ([f"{one.whole} = {ITSELF}"] if one.whole else [])
            yield from (f"{new} = {name}" for name, new in one.names or () if name != new)
