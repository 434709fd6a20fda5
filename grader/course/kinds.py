"""The kind of a check: authors do not write it, the one key that names it tells.

A check with no such key, or with two, has no kind; what reads it must say so.
"""

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from grader.course.check_model import AnyCheck, Check

KINDS: dict[str, type[Check]] = {check.__struct_config__.tag: check for check in get_args(AnyCheck)}
TAG = "kind"
COMMON = frozenset(field.encode_name for field in msgspec.structs.fields(Check))


def kinds_of(check: Mapping[str, Any]) -> list[str]:
    """The keys of `check` that name a kind, in the order in which they were written."""
    return [key for key in check if key in KINDS]


def with_kinds(data: Any) -> Any:
    """A copy of an exercise's raw data, which fits, with its tag in every check."""
    if not isinstance(data, dict) or not isinstance(data.get("entries"), dict):
        return data
    return {**data, "entries": {name: _entry(entry) for name, entry in data["entries"].items()}}


def _entry(entry: Any) -> Any:
    if not isinstance(entry, dict) or not isinstance(entry.get("checks"), list):
        return entry
    return {**entry, "checks": [{**check, TAG: kinds_of(check)[0]} for check in entry["checks"]]}
