"""Whether a cell failed by what isolation refuses or has not: read from the error below it, as it would be read by somebody.

A learner's program can make an error look so. All that comes of it is that somebody looks.
"""

import os
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import packages_distributions
from typing import Any

_NUMBERS = r"\[Errno (?:1|13|27|28|30)\] "  # EPERM, EACCES, EFBIG, ENOSPC, EROFS
_OUTSIDE = r"\[Errno 2\] .*'(?:/|\.\./)"
_ERRNO = re.compile(rf"{_NUMBERS}|{_OUTSIDE}", re.DOTALL)
_MODULE = re.compile(r"No module named '(\w+)")
_DATABASE = re.compile(r"unable to open database file|disk I/O error|readonly database")


def refused(outputs: Iterable[Mapping[str, Any]]) -> str:
    """What was refused there, as the error says it; empty where nothing of the kind is seen."""
    for one in outputs:
        if one["output_type"] == "error" and _by_isolation(str(one["ename"]), str(one["evalue"])):
            return f"{one['ename']}: {one['evalue']}"[:200]
    return ""


def _by_isolation(name: str, text: str) -> bool:
    if name == "ModuleNotFoundError":
        module = _MODULE.match(text)
        return module is not None and module[1] in packages_distributions()
    if name == "KeyError":
        return text[:1] in "'\"" and text[1:-1] in os.environ
    if name == "OperationalError":
        return _DATABASE.match(text) is not None
    return name == "RefusedError" or _ERRNO.match(text) is not None
