"""Everything in raw data that does not have the shape of its struct, each with its path.

msgspec would stop at the first part that does not fit; this walk over the same types finds all of them, and says so in an
author's words.
"""

import math
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from msgspec import inspect as shape

from grader.course.budget import MAX_BITS
from grader.course.check_model import Check
from grader.course.document import Path
from grader.course.kinds import KINDS, TAG, kinds_of
from grader.course.nearest import did_you_mean
from grader.course.syntax import shorten


@dataclass(frozen=True, slots=True)
class Misfit:
    """One part that does not fit. `path` is where it is said, `hole` what cannot be relied on because of it.

    `unquoted`: it would be text if it stood in quotes.
    """

    path: Path
    message: str
    hole: Path
    unquoted: bool = False


FLOAT_BITS = 1_000
_DRAWN = frozenset({"number", "word", "shuffle"})  # keys that a draw alone may have
UNKNOWN = "?"  # the hole of an unknown key: it may have been meant for any that is missing
_FORMS = {
    r"\S": "text, and not empty",
    "^=": "an expression that begins with '='",
    "^(=.*|none_redundant)$": "'none_redundant', or an expression that begins with '='",
    "^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "lower-case words joined by '-'",
    r"^[a-z_]\w*(\[.*\])?$": "an operation's name, with a key in [...] if needed, such as 'get[{url}]'",
    "^[a-z][a-z0-9-]*$": "lower-case letters, digits and '-', a letter first",
    "^[a-z0-9][a-z0-9-]*$": "lower-case letters, digits and '-'",
    r"^\w[\w/]*\.py:[a-z_]\w*$": "a file and a function, such as 'checks.py:in_order'",
    r"^\w([\w -]*[\w-])?$": "the name of a Python file, without its ending, such as '3-fetch_all'",
    r"^\w([\w .-]*[\w-])?$": "the name of a file, without a folder, such as 'people.txt'",
    r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$": "a module, or a name of one, such as 'asyncio' or 'random.uniform'",
    r"^\w+\.py$": "the name of a Python file, such as 'world.py'",
}


def misfits(data: Any, type_: Any) -> list[Misfit]:
    """Every part of `data` that does not fit `type_`; checks are looked at without their tags."""
    return list(_walk(data, shape_of(type_), ()))


shape_of = lru_cache(maxsize=64)(shape.type_info)


def alternatives(kind: shape.Type) -> Iterable[shape.Type]:
    """The types that a value may be of, without what is said about them; for checks, one for them all."""
    if isinstance(kind, shape.Metadata):
        return alternatives(kind.type)
    if isinstance(kind, shape.UnionType):
        return [inner for one in kind.types for inner in alternatives(one)]
    return [kind]


def is_of(value: Any, kind: shape.Type) -> bool:
    """Whether `value` is of this type, whatever its parts are."""
    if isinstance(kind, shape.Metadata):
        return is_of(value, kind.type)
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


def _walk(value: Any, kind: shape.Type, path: Path) -> Iterator[Misfit]:
    if isinstance(kind, shape.Metadata) and not is_of(value, kind):
        yield _not_of(value, [kind], path)
    elif isinstance(kind, shape.Metadata):
        fits = yield from _noted(_walk(value, kind.type, path))
        if fits and isinstance(value, str):
            yield from _form(value, _pattern(kind), path)
    elif isinstance(kind, shape.UnionType):
        yield from _union(value, kind, path)
    elif isinstance(kind, shape.AnyType):
        yield from _plain(value, path)
    elif is_of(value, kind):
        yield from _inside(value, kind, path)
    else:
        yield _not_of(value, [kind], path)


def _not_of(value: Any, kinds: list[shape.Type], path: Path) -> Misfit:
    words = " or ".join(dict.fromkeys(map(_words, kinds)))
    if {shape.IntType, shape.FloatType} <= {type(kind) for kind in kinds}:
        words = words.replace("a whole number or ", "").replace(" or a whole number", "")
    is_text = words == "text" or (len(kinds) == 1 and _pattern(kinds[0]) not in (None, "^="))
    unquoted = is_text and isinstance(value, bool | int | float)
    return Misfit(path, f"{_label(path)} must be {words}, not {seen(value)}", path, unquoted)


def _plain(value: Any, path: Path) -> Iterator[Misfit]:
    """Values that no run could carry."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _plain(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _plain(item, (*path, at))
    elif isinstance(value, float) and math.isnan(value):
        yield Misfit(path, f"{_label(path)} is .nan, which equals nothing; write a number", path)
    elif isinstance(value, int) and value.bit_length() > MAX_BITS:
        yield _too_large(value, path)


def _inside(value: Any, kind: shape.Type, path: Path) -> Iterator[Misfit]:
    if isinstance(kind, shape.StructType):
        yield from _struct(value, kind, path)
    elif isinstance(kind, shape.DictType):
        yield from _length(value, kind, path)
        for key, item in value.items():
            form = _unlike(key, _pattern(kind.key_type))
            if form:
                yield Misfit((*path, key), f"key {seen(key)} of {path[-1]!r} must be {form}", (*path, key))
            yield from _walk(item, kind.value_type, (*path, key))
    elif isinstance(kind, shape.ListType):
        yield from _length(value, kind, path)
        for at, item in enumerate(value):
            yield from _walk(item, kind.item_type, (*path, at))
    elif isinstance(kind, shape.LiteralType):
        if value not in kind.values:
            known = [str(one) for one in kind.values]
            message = f"{_label(path)} is {seen(value)}, which is not known{did_you_mean(seen(value), known)}"
            yield Misfit(path, message, path)
    elif isinstance(kind, shape.StrType):
        yield from _length(value, kind, path)
    elif isinstance(kind, shape.IntType | shape.FloatType):
        yield from _number(value, kind, path)


def _union(value: Any, kind: shape.UnionType, path: Path) -> Iterator[Misfit]:
    if any(isinstance(one, shape.StructType) and one.tag_field for one in kind.types):
        yield from _check(value, path)
        return
    fitting = [one for one in kind.types if is_of(value, one)]
    tried = [list(_walk(value, one, path)) for one in fitting]
    if not fitting:
        yield _not_of(value, [one for one in kind.types if not isinstance(one, shape.NoneType)], path)
    elif all(tried):
        yield from tried[-1]


def _check(value: Any, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        yield Misfit(path, f"{_label(path)} must be a check (a mapping), not {seen(value)}", path)
        return
    kinds = kinds_of(value)
    if len(kinds) == 1:
        yield from _struct(value, kind_shape(KINDS[kinds[0]]), path)
        return
    structs = [Check, *(KINDS[kind] for kind in kinds)]
    fields = {field.encode_name: field for struct in structs for field in kind_shape(struct).fields}
    if kinds:
        message = f"a check has one kind, and this one has {', '.join(kinds)}; make a check of each"
        yield Misfit(path, message, (*path, "points"))  # they are shared out anew
        yield from _unknown_keys(value, fields, path)
    else:
        message = f"check {seen(value.get('id', ''))} has no kind; give it one of {', '.join(sorted(KINDS))}"
        yield Misfit(path, message, (*path, TAG))
    yield from _fields(value, fields, path)


def kind_shape(type_: Any) -> shape.StructType:
    """The shape of a struct."""
    found = shape_of(type_)
    assert isinstance(found, shape.StructType)
    return found


def _struct(value: dict[str, Any], kind: shape.StructType, path: Path) -> Iterator[Misfit]:
    fields = {field.encode_name: field for field in kind.fields}
    yield from _unknown_keys(value, fields, path)
    yield from _fields(value, fields, path)


def _unknown_keys(value: dict[str, Any], fields: dict[str, shape.Field], path: Path) -> Iterator[Misfit]:
    for key in value:
        if key not in fields:
            why = "; the key that names a check is its kind" if key == TAG else did_you_mean(key, fields)
            if _DRAWN.issubset(fields) and why.startswith("; choose"):
                why += "; a mapping here says how a value is drawn, and a dict as it stands is written '={...}'"
            yield Misfit((*path, key), f"unknown key {seen(key)}{why}", (*path, UNKNOWN))


def _fields(value: dict[str, Any], fields: dict[str, shape.Field], path: Path) -> Iterator[Misfit]:
    for key, field in fields.items():
        if key in value:
            yield from _walk(value[key], field.type, (*path, key))
        elif field.required:
            yield Misfit(path, f"key {key!r} is missing{_whose(path)}; add it", (*path, key))


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
    form = _unlike(value, pattern)
    if form:
        yield Misfit(path, f"{_label(path)} is {seen(value)}; it must be {form}", path)


def _unlike(value: str, pattern: str | None) -> str:
    """The form that a text has not; empty where it is right."""
    # `$` would let a line end pass, and `.` would not.
    if pattern is None or re.search(re.sub(r"\$$", r"\\Z", pattern), value, re.DOTALL) is not None:
        return ""
    return _FORMS.get(pattern, f"text that matches {pattern}")


def _number(value: float, kind: shape.IntType | shape.FloatType, path: Path) -> Iterator[Misfit]:
    if isinstance(value, float) and not math.isfinite(value):
        yield Misfit(path, f"{_label(path)} is {value}; it must be a number that is finite", path)
        return
    if isinstance(value, int) and value.bit_length() > (MAX_BITS if isinstance(kind, shape.IntType) else FLOAT_BITS):
        yield _too_large(value, path)
        return
    bounds = [
        (kind.ge is not None and value < (kind.ge or 0), f"at least {kind.ge}"),
        (kind.gt is not None and value <= (kind.gt or 0), f"more than {kind.gt}"),
        (kind.le is not None and value > (kind.le or 0), f"at most {kind.le}"),
        (kind.lt is not None and value >= (kind.lt or 0), f"less than {kind.lt}"),
    ]
    for broken, words in bounds:
        if broken:
            yield Misfit(path, f"{_label(path)} is {seen(value)}; it must be {words}", path)


def _too_large(value: int, path: Path) -> Misfit:
    return Misfit(path, f"{_label(path)} is a number of {value.bit_length()} bits; write a smaller one", path)


def _length(value: Any, kind: Any, path: Path) -> Iterator[Misfit]:
    unit = "characters" if isinstance(value, str) else "items"
    low, high = kind.min_length, kind.max_length
    if low is not None and len(value) < low:
        message = f"{_label(path)} has {len(value)} {unit}; at least {low} {'is' if low == 1 else 'are'} needed"
        yield Misfit(path, message, path)
    if high is not None and len(value) > high:
        yield Misfit(path, f"{_label(path)} has {len(value)} {unit}; at most {high} are allowed", path)


def _words(kind: shape.Type) -> str:
    """A type in an author's words."""
    if _pattern(kind) == "^=":
        return "an expression"
    if _pattern(kind) == r"\S":
        return "text"
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


def seen(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        return f"a number of {value.bit_length()} bits"  # Python refuses to write thousands of digits
    return str(value).lower() if isinstance(value, bool) else shorten(repr(value))


def _label(path: Path) -> str:
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return shorten(repr(last))
    return f"item {last + 1} of {_label(path[:-1])}"


def _whose(path: Path) -> str:
    return f" in {_label(path)}" if path else ""
