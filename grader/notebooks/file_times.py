"""Whose cells ask for the time of a file: that is the system's, and follows no clock but the real one.

In virtual time a file that is written after a wait would be as old as one that was written before it.
"""

import re
from collections.abc import Iterable, Mapping

from grader.run.outside import Code

_TIMES = re.compile(r"(?<!\w)(?:get[acm]time|st_(?:[acm]|birth)time(?:_ns)?|ST_[ACM]TIME)(?!\w)")


def are_asked_for(cells: Iterable[Code], files: Mapping[str, bytes]) -> bool:
    """By a cell, or by a module of the `files` beside it; their texts are read, and never parsed."""
    modules = (content.decode("latin-1") for name, content in files.items() if name.endswith(".py"))
    return any(_TIMES.search(text) for text in (*(cell.text for cell in cells), *modules))
