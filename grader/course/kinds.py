"""The kind of a check: authors do not write it, the one key that names it tells.

A check with no such key, or with two, has no kind; what reads it must say so.
"""

from collections.abc import Mapping
from typing import Any, get_args

from grader.course.check_model import AnyCheck

KINDS: dict[str, type] = {check.__struct_config__.tag: check for check in get_args(AnyCheck)}
TAG = "kind"


def kinds_of(check: Mapping[str, Any]) -> list[str]:
    """The keys of `check` that name a kind, in the order in which they were written."""
    return [key for key in check if key in KINDS]


def with_kinds(data: Any) -> Any:
    """A copy of an exercise's raw data in which every check whose kind is plain carries its tag."""
    if not isinstance(data, dict) or not isinstance(data.get("entries"), dict):
        return data
    return {**data, "entries": {name: _entry(entry) for name, entry in data["entries"].items()}}


def _entry(entry: Any) -> Any:
    if not isinstance(entry, dict) or not isinstance(entry.get("checks"), list):
        return entry
    return {**entry, "checks": [_check(check) for check in entry["checks"]]}


def _check(check: Any) -> Any:
    if not isinstance(check, dict):
        return check
    kinds = kinds_of(check)
    # An author's own `kind` is an unknown key like any other: it must not decide.
    return {**check, TAG: kinds[0] if len(kinds) == 1 and TAG not in check else None}
