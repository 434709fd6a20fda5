"""Whose cells ask for what follows no clock but the system's: the time of a file, and waits that end by themselves.

In virtual time a file that is written after a wait would be as old as one that was written before it, and `select` would have
waited for no time at all. What another thread or a timer ends is no matter of names: it is seen while it is run.
"""

import re
from collections.abc import Iterable, Mapping

from grader.run.outside import Code

_WAITS = r"(?:pause|sigwait(?:info)?|sigtimedwait)(?!\w)"
_ASKED = re.compile(
    r"(?<!\w)(?:get[acm]time|st_(?:[acm]|birth)time(?:_ns)?|ST_[ACM]TIME)(?!\w)"
    rf"|(?<!\w)(?:signal[ \t]*\.[ \t]*{_WAITS}|from[ \t]+signal[ \t]+import[ \t(][^\n]*(?<!\w){_WAITS})"
    r"|(?:^|;)[ \t]*(?:from[ \t]+selec(?:t|tors)[ \t]+import(?!\w)"
    r"|import[ \t]+(?:[\w. \t]+,[ \t]*)*selec(?:t|tors)(?=[ \t]*(?:$|[,;#]|as[ \t])))",
    re.MULTILINE,
)


def is_asked_for(cells: Iterable[Code], files: Mapping[str, bytes]) -> bool:
    """By a cell, or by a module of the `files` beside it; their texts are read, and never parsed."""
    modules = (content.decode("latin-1") for name, content in files.items() if name.endswith(".py"))
    return any(_ASKED.search(text) for text in (*(cell.text for cell in cells), *modules))
