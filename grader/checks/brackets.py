"""Brackets that are opened and never closed: told from the text alone, for Python itself has several words for it."""

import re

_PAIRS = {"(": ")", "[": "]", "{": "}"}
# A text, a comment, or a bracket. A text of one line that does not end there ends with its line.
_TOKEN = re.compile(
    r"'''(?:\\.|[^\\])*?(?:'''|\Z)|\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)"
    r"|'(?:\\.|[^\\'\n])*'?|\"(?:\\.|[^\\\"\n])*\"?"
    r"|\#[^\n]*|[()\[\]{}]",
    re.DOTALL,
)


def unclosed(text: str) -> bool:
    """Whether the file ends inside a bracket. Where one is closed by another's partner, that is not said of it."""
    waiting: list[str] = []
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in _PAIRS:
            waiting.append(_PAIRS[token])
        elif len(token) == 1 and token in ")]}" and (not waiting or waiting.pop() != token):
            return False
    return bool(waiting)
