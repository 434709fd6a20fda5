"""Whether a notebook's cells ask for more of IPython than what is displayed: then its own shell runs their magics."""

import re
from collections.abc import Iterable
from importlib.util import find_spec

from grader.intake.magic import as_module
from grader.intake.pasted import plain

_SHELL, _NOTEBOOKS, _DRAWS = "ipython", "nbformat", "matplotlib"  # as pip calls them
# what does nothing that a grade could hang on, and is a comment as well
_IDLE = re.compile(
    r"[ \t]*(?:%(?:re)?load_ext[ \t]+autoreload[ \t]*(?:#.*)?$|%autoreload(?:[ \t]+[012])?[ \t]*(?:#.*)?$"
    r"|%matplotlib(?:[ \t]+(?:inline|agg))?[ \t]*(?:#.*)?$|%config[ \t]+(?:InlineBackend|Completer|IPCompleter)\.|%%time[ \t]*$"
    r"|%?%?\?|[^#]*\?[ \t]*$|%(?:who|whos|pinfo2?|xmode|colors)\b)"
)
_ASKED = re.compile(
    r"(?<!\w)get_ipython\b|(?<!\w)IPython\b(?!\.(?:core\.)?display\b)"
    r"|(?<!\w)(?:display_id|update_display|publish_display_data|DisplayHandle)\b"
)
_BARE = re.compile(  # a cell of one line that is a magic without its %
    r"\s*(?:alias|bookmark|cat|cd|conda|cp|env|load|load_ext|ls|macro|mkdir|more|mv|pip|popd|pushd|pwd|rerun|rm|rmdir|run"
    r"|set_env|store|time|timeit|unalias|who|whos|xdel)(?:[ \t]+[^=\s(.,\[][^\n]*)?\s*"
)
_AUTORELOAD, _LOADED = re.compile(r"^%autoreload\b", re.M), re.compile(r"^%load_ext[ \t]+autoreload\b", re.M)
_MATPLOTLIB, _AWAITS = (
    re.compile(r"[%'\"](?:matplotlib|pylab)\b"),
    re.compile(r"%%time[ \t]*\n.*\bawait\b", re.S),
)
_RUNS = re.compile(r"%run\b[^\n]*?([^\s'\"/\\]+\.ipynb)\b|%notebook\b")


def is_asked_for(cells: Iterable[str]) -> bool:
    """The texts are read, and never parsed; no where IPython is not installed."""
    texts = [*cells]
    asked = any(_asks(text) for text in texts) or _fails("\n".join(texts))
    return asked and find_spec("IPython") is not None


def distributions(cells: Iterable[str]) -> tuple[str, ...]:
    """As pip calls them, what that shell needs for these cells, as far as it is installed."""
    text = "\n".join(cells)
    drawn = (_DRAWS,) if _MATPLOTLIB.search(text) and _draws() else ()
    return (_SHELL, *((_NOTEBOOKS,) if _RUNS.search(text) else ()), *drawn)


def notebooks(cells: Iterable[str]) -> frozenset[str]:
    """The names of those that `%run` is to run."""
    return frozenset(match[1] for text in cells for match in _RUNS.finditer(text) if match[1])


def _asks(text: str) -> bool:
    if _ASKED.search(text) or _BARE.fullmatch(text) or _AWAITS.match(text):
        return True
    lines = plain(text.split("\n"))
    return any(line != made and not _IDLE.match(line) for line, made in zip(lines, as_module(lines), strict=True))


def _fails(text: str) -> bool:
    """Whether a magic that does nothing here does not even that in a kernel."""
    unloaded = _AUTORELOAD.search(text) and not _LOADED.search(text)
    return bool(unloaded or (_MATPLOTLIB.search(text) and not _draws()))


def _draws() -> bool:
    return find_spec(_DRAWS) is not None
