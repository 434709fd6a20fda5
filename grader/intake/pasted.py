"""A cell as IPython takes it before it reads it: without the indentation and the prompts with which it was pasted.

A line keeps its number. These are IPython's own rules, those of its older versions where they take more.
"""

import re
from itertools import pairwise

from grader.intake.magic import statements

_MAYBE = re.compile(r"^[ \t]*(?:>>>|\.\.\.|(?:\[(?:nav|ins)\])? ?In \[)", re.MULTILINE)
_FIRST = re.compile(r"[ \t]*>>>(?: |\t|$)")
_CLASSIC = re.compile(r"[ \t]*(?:>>>|\.\.\.)(?: |\t|$)")
_IPYTHON = re.compile(r"(?:(?:\[(?:nav|ins)\])? )?In \[\d+\]: |[ \t]*\.{3,}: ?")


_MAGICS = 10  # cell magics one below the other; nobody has more, and each costs another look at all below it


def plain(lines: list[str], magics: int = _MAGICS) -> list[str]:
    """As many lines."""
    begins = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    above, cell = lines[:begins], _without_indent(lines[begins:])
    if cell and cell[0].startswith("%%"):
        return [*above, cell[0], *(plain(cell[1:], magics - 1) if magics else cell[1:])]
    if not _MAYBE.search("\n".join(cell)):
        return [*above, *cell]
    return [*above, *_without_ipythons(_without_classic(cell))]


def _without_indent(lines: list[str]) -> list[str]:
    """That of the first line, where others have it, too."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip(" \t"))] if lines else ""
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _without_classic(lines: list[str]) -> list[str]:
    """Where a statement begins with `>>>`; what only stands in a text stays."""
    begin = [*statements("\n".join(lines)), len(lines)]
    if not any(_FIRST.match(lines[at]) for at in begin[:-1]):
        return lines
    pasted = {at for first, end in pairwise(begin) if _CLASSIC.match(lines[first]) for at in range(first, end)}
    return [_without(_CLASSIC, line) if at in pasted else line for at, line in enumerate(lines)]


def _without_ipythons(lines: list[str]) -> list[str]:
    pasted = any(_IPYTHON.match(line) for line in lines[:2])
    return [_without(_IPYTHON, line) for line in lines] if pasted else lines


def _without(prompt: re.Pattern[str], line: str) -> str:
    found = prompt.match(line)
    return line[found.end() :] if found else line
