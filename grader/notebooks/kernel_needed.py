"""What of a notebook only a kernel can do, seen in the text of its cells; a learner's is read and never parsed.

What an author's cells need decides: a learner's cannot choose to be run where more is believed.
"""

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import packages_distributions

from grader.intake.magic import as_module
from grader.notebooks.author_needs import needs_of
from grader.run.packages import usable

# what does nothing that a grade could hang on
_IDLE = re.compile(
    r"\s*(?:%(?:matplotlib|load_ext|reload_ext|autoreload|config|xmode|who|whos|pinfo)\b|%%time\s*$|\?|.*\?\s*$)"
)
# what begins a process
_BEGINS = re.compile(
    r"(?:[^=%!]*=[ \t]*)?(?:!|%%?(?:!|sx|system|sc|pip|conda|mamba|micromamba|uv)\b"
    r"|%%(?:script|bash|sh|perl|ruby|pypy|python[23]?|cmd|powershell)\b)"
)
_CALLS = re.compile(r"(?<![\w.])(get_ipython)\s*\(")
_LOADS = re.compile(r"%load_ext[ \t]+(?!autoreload\b|storemagic\b)([\w.]+)")
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))", re.MULTILINE)
# of the standard library, what no program in a child is given
_OUTSIDE = {"subprocess", "multiprocessing", "socket", "ssl", "tkinter", "http", "urllib.request", "ftplib", "smtplib"}
# what a kernel shows of it at the end of each cell, with all that this prints, and closes; by any name of these, or one below
_DRAWS = {"matplotlib.pyplot", "matplotlib.pylab", "pylab", "seaborn"}
_STANDS_IN = {
    "__main__",
    "IPython",
    "grader",
    "nest_asyncio",
    "nest_asyncio2",
}  # of which there is a stand-in that does what a grade may need


def why_kernel(
    cells: Iterable[str], packages: Collection[str] = (), *, given: bool = False, shell: bool = False
) -> Iterator[str]:
    """Each reason once, as the cells have it. `packages`: modules beyond the standard library that a child may import.
    `given`: the cells are the author's, and looked at more closely; what is no Python is read by its lines. `shell`: IPython's
    own is there, which does all that begins no process.
    """
    found = dict[str, None]()
    for text in cells:
        needs = needs_of(_code(text)) if given else None
        calls, imports = (_called(text), _imports(text)) if needs is None else (needs.calls, needs.imports)
        magics = [line for line in _magics(text) if not shell or _BEGINS.match(line)]
        found |= dict.fromkeys([*magics, *([] if shell else calls), *_imported(imports, packages, given=given)])
    yield from found


def _magics(text: str) -> Iterator[str]:
    lines = text.split("\n")
    for line, made in zip(lines, as_module(lines), strict=True):
        if line != made and not _IDLE.match(line):
            yield line.strip()
            if line.startswith("%%"):
                return


def _called(text: str) -> Iterator[str]:
    yield from (f"{match[1]}()" for match in _CALLS.finditer(_code(text)))


def _code(text: str) -> str:
    return "\n".join(line for line in as_module(text.split("\n")) if not line.lstrip().startswith("#"))


def _imported(names: Iterable[str], packages: Collection[str], *, given: bool) -> Iterator[str]:
    """An author's drawings are a kernel's, whatever `packages` says: tests ask what is drawn. A learner's decide nothing."""
    for name in names:
        top = name.partition(".")[0]
        if given and _DRAWS & {name, top}:
            yield f"import {name if name in _DRAWS else top}, which draws"
        elif name in _OUTSIDE or top in _OUTSIDE:
            yield f"import {top if top in _OUTSIDE else name}"
        elif _is_a_packages(top) and top not in packages:
            yield f"import {top}: say c.GradeExercises.packages"


def _imports(text: str) -> Iterator[str]:
    for match in _IMPORT.finditer(_code(text)):
        for said in (match[1] or match[2]).split(","):
            if said.split():
                yield said.split()[0]


def _is_a_packages(top: str) -> bool:
    return bool(top) and top not in sys.stdlib_module_names and top not in _STANDS_IN


def distributions(cells: Iterable[str]) -> tuple[str, ...]:
    """As pip calls them: those installed beside the grader of which the cells import a module, or load an extension."""
    tops = {name.partition(".")[0] for text in cells for name in (*_imports(text), *_LOADS.findall(text))}
    asked = sorted(top for top in tops if _is_a_packages(top))
    known = packages_distributions() if asked else {}
    found = tuple(dict.fromkeys(known[top][0] for top in asked if top in known))
    return tuple(dict.fromkeys((*found, *usable(found))))  # with which they do more, there as in a kernel
