"""Everything in raw data that does not have the shape of its struct, each with its path.

msgspec would stop at the first part that does not fit; this walk over the same types finds all of them, and says so in an
author's words.
"""

import re
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import Any

from msgspec import inspect as shape

from grader.course.kinds import KINDS, TAG, kinds_of
from grader.course.nearest import did_you_mean, nearest
from grader.course.syntax import shorten
from grader.course.yaml_marks import Path

Misfit = tuple[Path, str]

_FORMS = {
    "^=": "an expression that begins with '='",
    "^(=.*|none_redundant)$": "'none_redundant', or an expression that begins with '='",
    "^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "lower-case words joined by '-'",
    r"^[a-z_]\w*(\[.*\])?$": "an operation's name, with a key in [...] if needed, such as 'get[{url}]'",
    "^[a-z][a-z0-9-]*$": "lower-case letters, digits and '-', a letter first",
    "^[a-z0-9][a-z0-9-]*$": "lower-case letters, digits and '-'",
    r"^[\w/]+\.py:[a-z_]\w*$": "a file and a function, such as 'checks.py:in_order'",
    r"^\w+\.py$": "the name of a Python file, such as 'world.py'",
}


def misfits(data: Any, type_: Any) -> list[Misfit]:
    """Every part of `data` that does not fit `type_`; checks are looked at without their tags."""
    return list(_walk(data, _shape_of(type_), ()))


_shape_of = lru_cache(maxsize=8)(shape.type_info)


def _walk(value: Any, kind: shape.Type, path: Path) -> Iterator[Misfit]:
    if isinstance(kind, shape.Metadata):
        fits = yield from _noted(_walk(value, kind.type, path))
        if fits and isinstance(value, str):
            yield from _form(value, _pattern(kind), path)
    elif isinstance(kind, shape.UnionType):
        yield from _union(value, kind, path)
    elif not isinstance(kind, shape.AnyType):
        if _is(value, kind):
            yield from _inside(value, kind, path)
        else:
            yield path, f"{_label(path)} must be {_words(kind)}, not {_seen(value)}"


def _inside(value: Any, kind: shape.Type, path: Path) -> Iterator[Misfit]:
    if isinstance(kind, shape.StructType):
        yield from _struct(value, kind, path)
    elif isinstance(kind, shape.DictType):
        yield from _length(value, kind, path)
        for key, item in value.items():
            yield from _walk(item, kind.value_type, (*path, key))
    elif isinstance(kind, shape.ListType):
        yield from _length(value, kind, path)
        for at, item in enumerate(value):
            yield from _walk(item, kind.item_type, (*path, at))
    elif isinstance(kind, shape.LiteralType):
        if value not in kind.values:
            known = [str(one) for one in kind.values]
            yield path, f"{_label(path)} is {_seen(value)}, which is not known{did_you_mean(value, known)}"
    elif isinstance(kind, shape.StrType):
        yield from _length(value, kind, path)
    elif isinstance(kind, shape.IntType | shape.FloatType):
        yield from _number(value, kind, path)


def _is(value: Any, kind: shape.Type) -> bool:
    if isinstance(kind, shape.Metadata):
        return _is(value, kind.type)
    if isinstance(value, bool):
        return isinstance(kind, shape.BoolType | shape.AnyType)
    if isinstance(kind, shape.LiteralType):
        return type(value) in {type(one) for one in kind.values}
    return isinstance(value, _PYTHON.get(type(kind), object))


_PYTHON: dict[type, Any] = {
    shape.StructType: dict,
    shape.DictType: dict,
    shape.ListType: list,
    shape.StrType: str,
    shape.IntType: int,
    shape.FloatType: (int, float),
    shape.BoolType: bool,
    shape.NoneType: type(None),
}


def _union(value: Any, kind: shape.UnionType, path: Path) -> Iterator[Misfit]:
    if any(isinstance(one, shape.StructType) and one.tag_field for one in kind.types):
        yield from _check(value, kind, path)
        return
    fitting = [one for one in kind.types if _is(value, one)]
    tried = [list(_walk(value, one, path)) for one in fitting]
    if not fitting:
        words = [_words(one) for one in kind.types if not isinstance(one, shape.NoneType)]
        yield path, f"{_label(path)} must be {' or '.join(words)}, not {_seen(value)}"
    elif all(tried):
        yield from tried[-1]


def _check(value: Any, kind: shape.UnionType, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        yield path, f"{_label(path)} must be a check (a mapping), not {_seen(value)}"
        return
    kinds = kinds_of(value)
    if len(kinds) > 1:
        yield path, f"a check has one kind, and this one has {', '.join(kinds)}; make a check of each"
    elif kinds:
        by_tag = {one.tag: one for one in kind.types if isinstance(one, shape.StructType)}
        yield from _struct(value, by_tag[kinds[0]], path)
    else:
        yield from _kindless(value, path)


def _kindless(check: dict[str, Any], path: Path) -> Iterator[Misfit]:
    common = {"id", "points", "gate", "for_each", "help"}
    near = [(key, word) for key in check if key not in common and (word := nearest(key, KINDS)) is not None]
    for key, word in near:
        yield (*path, key), f"unknown key {key!r}; did you mean {word!r}?"
    if not near:
        yield path, f"check {check.get('id', '')!r} has no kind; give it one of {', '.join(sorted(KINDS))}"


def _struct(value: dict[str, Any], kind: shape.StructType, path: Path) -> Iterator[Misfit]:
    fields = {field.encode_name: field for field in kind.fields}
    for key in value:
        if key not in fields:
            why = "; the key that names a check is its kind" if key == TAG else did_you_mean(key, fields)
            yield (*path, key), f"unknown key {key!r}{why}"
    for key, field in fields.items():
        if key in value:
            yield from _walk(value[key], field.type, (*path, key))
        elif field.required:
            yield path, f"key {key!r} is missing{_whose(path)}; add it"


def _noted(found: Iterator[Misfit]) -> Generator[Misfit, None, bool]:
    """Pass on what was found; return whether that was nothing."""
    fits = True
    for misfit in found:
        fits = False
        yield misfit
    return fits


def _pattern(kind: shape.Type) -> str | None:
    """The form that a text must have: see `form` in `grader.course.parts`."""
    extra = kind.extra_json_schema if isinstance(kind, shape.Metadata) else None
    pattern = (extra or {}).get("pattern")
    return pattern if isinstance(pattern, str) else None


def _form(value: str, pattern: str | None, path: Path) -> Iterator[Misfit]:
    if pattern is not None and re.search(pattern, value) is None:
        form = _FORMS.get(pattern, f"text that matches {pattern}")
        yield path, f"{_label(path)} is {_seen(value)}; it must be {form}"


def _number(value: float, kind: shape.IntType | shape.FloatType, path: Path) -> Iterator[Misfit]:
    bounds = [
        (kind.ge is not None and value < (kind.ge or 0), f"at least {kind.ge}"),
        (kind.gt is not None and value <= (kind.gt or 0), f"more than {kind.gt}"),
        (kind.le is not None and value > (kind.le or 0), f"at most {kind.le}"),
        (kind.lt is not None and value >= (kind.lt or 0), f"less than {kind.lt}"),
    ]
    for broken, words in bounds:
        if broken:
            yield path, f"{_label(path)} is {value}; it must be {words}"


def _length(value: Any, kind: Any, path: Path) -> Iterator[Misfit]:
    unit = "characters" if isinstance(value, str) else "items"
    low, high = kind.min_length, kind.max_length
    if low is not None and len(value) < low:
        yield path, f"{_label(path)} has {len(value)} {unit}; at least {low} {'is' if low == 1 else 'are'} needed"
    if high is not None and len(value) > high:
        yield path, f"{_label(path)} has {len(value)} {unit}; at most {high} are allowed"


def _words(kind: shape.Type) -> str:
    """A type in an author's words."""
    if _pattern(kind) == "^=":
        return "an expression"
    if isinstance(kind, shape.Metadata):
        return _words(kind.type)
    if isinstance(kind, shape.LiteralType):
        return " or ".join(repr(value) for value in kind.values)
    return _WORDS.get(type(kind), "something else")


_WORDS: dict[type, str] = {
    shape.StructType: "a mapping",
    shape.DictType: "a mapping",
    shape.ListType: "a list",
    shape.StrType: "text",
    shape.IntType: "a whole number",
    shape.FloatType: "a number",
    shape.BoolType: "true or false",
}


def _seen(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return str(value).lower() if isinstance(value, bool) else shorten(repr(value))


def _label(path: Path) -> str:
    if not path:
        return "the file"
    last = path[-1]
    return repr(last) if isinstance(last, str) else f"item {last + 1} of {path[-2]!r}"


def _whose(path: Path) -> str:
    return f" in {_label(path)}" if path else ""
