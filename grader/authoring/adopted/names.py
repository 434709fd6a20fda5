"""The names of a drafted exercise: each can be one in expressions, and no two things share one."""

import json
import keyword
from collections.abc import Iterable
from unicodedata import category

from grader.course.functions import FUNCTIONS
from grader.course.proof_misconceptions import OBSERVED

_NO_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_TAKEN = frozenset(FUNCTIONS) | OBSERVED | {"number", "sleep"}


def key(name: str) -> str:
    """A name as YAML takes it for text."""
    return json.dumps(name) if name.lower() in _NO_TEXT else name


def free(name: str, taken: Iterable[str]) -> str:
    """`name`, or one like it that stands for nothing yet."""
    plain = name.lstrip("_")
    if not plain.isidentifier() or keyword.iskeyword(plain):
        plain = f"value{plain}" if f"value{plain}".isidentifier() else "value"
    used = _TAKEN.union(taken)
    tries = (plain, f"{plain}_", *(f"{plain}_{at}" for at in range(2, len(used) + 3)))
    return next(one for one in tries if one not in used)


def all_free(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """By the names that they stand for."""
    found: dict[str, str] = {}
    used = set(taken)
    for name in names:
        if name not in found:
            found[name] = free(name, used)
            used.add(found[name])
    return found


def quoted(text: str) -> str:
    """As YAML takes it on one line, whatever it holds."""
    return json.dumps(plain(text), ensure_ascii=False)


def plain(text: str) -> str:
    """Without what YAML does not hold: control characters, halves of letters, and what it takes for the end of a line."""
    return "".join(one for one in text if category(one) not in {"Cc", "Cs", "Zl", "Zp", "Cn"} and one != "\ufeff")
