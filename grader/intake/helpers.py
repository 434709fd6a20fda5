"""Files beside a notebook from which its cells import names: each becomes a cell before the one that imports it first.

So what is read in a program is read there, too. A file whose names would get in the way of the notebook's own is left alone,
and its import fails.
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
_IMPORTS = re.compile(r"([ \t]*)from[ \t]+(\w+)[ \t]+import\b(.+)", re.DOTALL)
_NAME = re.compile(r"(\w+)(?:\s+as\s+(\w+))?")


class _Import(NamedTuple):
    """`names`: what is imported, and as what; empty for all. It stands in the lines `first` to `end`, without that."""

    first: int
    end: int
    indent: str
    module: str
    names: tuple[tuple[str, str], ...]


def given(lines: list[str]) -> list[str]:
    """The names to which lines give a value at their top."""
    found = (_GIVES.match(lines[at]) for at in statements("\n".join(lines)))
    return [one[1] or one[2] or one[3] for one in found if one is not None]


def with_helpers(cells: Cells, behind: int, beside: Beside) -> Cells:
    """The cells, and among them those made of files, which are numbered from `behind` on. `beside`: the text of the file of a
    module's name, or None."""
    made, known = Cells(), set[str]()

    def add(number: int, lines: list[str], at: int) -> None:
        imports = list(_imports(lines))
        for one in imports:
            text = None if one.module in known or one.module in sys.stdlib_module_names else beside(one.module)
            helper = plain(_decoded(text)) if text is not None else []
            if helper and not _in_the_way(helper, one, [own for _, own in cells], at):
                known.add(one.module)
                add(behind + len(known) - 1, helper, at)
        made.append((number, _without(lines, [one for one in imports if one.module in known])))

    for at, (number, lines) in enumerate(cells):
        add(number, lines, at)
    return made


def _decoded(text: bytes) -> list[str]:
    plain_text = text.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return plain_text.removesuffix("\n").split("\n")


def _in_the_way(helper: list[str], one: _Import, cells: Sequence[list[str]], at: int) -> bool:
    """Whether a name of the file's would take the place of another of the notebook's, or the other way round."""
    names = {*given(helper)}
    others = names - {name for name, _ in one.names} if one.names else set[str]()
    return _meets(others, cells[:at]) or _meets(names, cells[at:])


def _meets(names: Collection[str], cells: Sequence[list[str]]) -> bool:
    return any(not {*names}.isdisjoint(given(lines)) for lines in cells) if names else False


def _imports(lines: list[str]) -> Iterator[_Import]:
    text = "\n".join(lines)
    if "import" not in text:
        return
    for first, end in pairwise([*statements(text), len(lines)]):
        found = _IMPORTS.fullmatch("\n".join(line.partition("#")[0] for line in lines[first:end]))
        if found is None:
            continue
        listed = re.sub(r"[()\\]", " ", found[3]).strip().strip(",")
        names = [_NAME.fullmatch(one.strip()) for one in listed.split(",")]
        if listed == "*" or all(names):
            pairs = tuple((one[1], one[2] or one[1]) for one in names if one is not None)
            yield _Import(first, end, found[1], found[2], () if listed == "*" else pairs)


def _without(lines: list[str], imports: Sequence[_Import]) -> list[str]:
    """As many lines; of an import only other names are left."""
    made = [*lines]
    for one in imports:
        given_names = "; ".join(f"{new} = {name}" for name, new in one.names if name != new) or "pass"
        made[one.first : one.end] = [f"# {line}" for line in lines[one.first : one.end]]
        made[one.first] = f"{one.indent}{given_names}  {made[one.first]}"
    return made
