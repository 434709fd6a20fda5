"""A cell's text as IPython takes it before Python does: without common indentation, and without prompts that were copied.

As IPython's first transforms have it, but that a line keeps its number: empty lines at the beginning stay.
"""

import re
from textwrap import dedent

_CLASSIC = re.compile(r"^\s*>>>(?:[ \t]|$)")
_MORE = re.compile(r"^\s*(?:>>>|\.\.\.)[ \t]?")
_QUOTES = re.compile(r"(?<!\\)(?:\"\"\"|''')")
_OURS = re.compile(r"^(?:(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?)")


def as_typed(text: str) -> str:
    """The same text where there is nothing of the kind; never more or fewer lines."""
    lines = text.split("\n")
    begins = next((at for at, line in enumerate(lines) if line.strip()), None)
    if begins is None or lines[begins].startswith("%%"):
        return text
    blank, lines = lines[:begins], _dedented(lines[begins:])
    if _CLASSIC.match(lines[0]):
        lines = _dedented(_without_prompts(lines))
    elif any(_OURS.match(line) for line in lines[:2]):
        lines = [_OURS.sub("", line, count=1) for line in lines]
    return "\n".join([*blank, *lines])


def _dedented(lines: list[str]) -> list[str]:
    if not lines[0][:1].isspace():  # what most cells are: a text within them is left alone
        return lines
    return dedent("\n".join(lines)).split("\n")


def _without_prompts(lines: list[str]) -> list[str]:
    """Within a text of several lines nothing is taken away but the prompt of its continuation."""
    found, within = list[str](), False
    for line in lines:
        continues = not within or line.lstrip().startswith("...")
        found.append(_MORE.sub("", line, count=1) if continues else line)
        within ^= len(_QUOTES.findall(line)) % 2 == 1
    return found
