"""What a notebook understands and Python does not (magics, shell lines, cells for another language), made comments.

A line keeps its number. Only lines that begin a statement are meant: `% b` inside of brackets or of a text stays.
"""

import re
from collections.abc import Iterator

_PYTHON_BELOW = {"time", "timeit", "capture", "prun", "debug", "check"}  # cell magics whose cell is Python
_MAGIC = re.compile(r"[ \t]*(?:[%!?,;/]|[\w.,\[\] \t]+=[ \t]*[%!](?!=)|%?%?[\w.*]+\?{1,2}[ \t]*(?:\n|$))")
_TOKEN = re.compile(  # a text without an end has all that is left, so that nothing is looked through twice
    r"'''(?:[^\\']|\\.|'(?!''))*+(?:'''|\\?\Z)"
    r'|"""(?:[^\\"]|\\.|"(?!""))*+(?:"""|\\?\Z)'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|#[^\n]*|[(\[{]|[)\]}]|\\\n|\n",
    re.DOTALL,
)
# Most cells have nothing of the kind, and need no closer look.
_MAYBE_MAGIC = re.compile(r"^[ \t]*[%!?,;/]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)


def as_module(lines: list[str]) -> list[str]:
    """The lines of a cell as lines of a module, as many of them."""
    if not lines:
        return []
    begins = next((at for at, line in enumerate(lines) if line.strip()), 0)
    magic = re.match(r"%%(\w*)", lines[begins])
    if magic and magic[1] not in _PYTHON_BELOW:
        return [f"# {line}" for line in lines]
    text = "\n".join(lines)
    if not _MAYBE_MAGIC.search(text):
        return lines
    commented = {first for first in statements(text) if _MAGIC.match(lines[first])}
    return [_comment(line) if at in commented else line for at, line in enumerate(lines)]


def _comment(line: str) -> str:
    """A block whose only line this is would be empty, hence `pass`, which does nothing anywhere."""
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass  # {line.lstrip()}" if indent else f"# {line}"


def statements(text: str) -> Iterator[int]:
    """The line on which each begins, counted from 0; a blank line and a comment are one, too."""
    at, line = 0, 0
    while at <= len(text):
        yield line
        end = _end_of_statement(text, at)
        line += text.count("\n", at, end) + 1
        at = end + 1


def _end_of_statement(text: str, at: int) -> int:
    """Where the line break stands that ends the statement beginning at `at`."""
    if _MAGIC.match(text, at):
        end = text.find("\n", at)
        return end if end >= 0 else len(text)
    depth = 0
    for token in _TOKEN.finditer(text, at):
        found = token[0]
        if found in "([{":
            depth += 1
        elif found in ")]}":
            depth = max(depth - 1, 0)
        elif found == "\n" and not depth:
            return token.start()
    return len(text)
