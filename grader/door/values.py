"""Values that cross the door, packed into what JSON can carry; the same rules in process and across the pipe.

Plain data crosses as a copy, a thing of the world as a reference, and everything else as the bare name of its type: so
nothing that a learner's value can do (`__eq__`, `__reduce__`) is ever done on the trusted side.

A packed value is None, a bool, an int of at most 53 bits, a finite float, a str, or a list whose first item is its tag:

    l list  t tuple  s set  z frozenset  d dict (of pairs)  b bytes (latin-1)  i big int (hex)  f nan, inf, -inf
    u str with lone surrogates (hex of UTF-8 with surrogates)  r reference [, manifest]  o opaque (name of its type)
"""

import json
import math
from collections.abc import Callable
from json.encoder import encode_basestring_ascii
from typing import Any

MAX_DEPTH = 30
MAX_ITEMS = 100_000
MAX_HASHED = 2_000  # items of a set or dict: a hostile choice of them makes each one meet all others
MAX_TEXT = 1_000_000
MAX_WRITTEN = 3_200_000  # characters of one value, as JSON writes it: an honest message has an end
MAX_BITS = 4096  # what an expression may reach, and Python will still write in decimal
_EXACT = 2**53
_NUMBER, _TAG = 25, 8  # characters at most, of a number and of what stands around a text or a list
_SHORT = 1000  # characters of a text that need no count

Packed = Any


TOO_LARGE = ", too large"


class _TooMuch(Exception):
    """Each part of a value is within bounds, and all of them together are not."""


class ValueRefused(ValueError):
    """A packed value that is not of the shape above, or beyond its bounds."""


def _too_large(kind: type, most: int, of: str) -> Packed:
    return ["o", f"{kind.__name__}{TOO_LARGE} (more than {most} {of})"]


def opaque_name(value: object) -> str:
    return type(value).__name__[:80]


class _Packer:
    def __init__(self, refer: Callable[[Any], Packed | None]):
        self.refer, self.left, self.room = refer, MAX_ITEMS, MAX_WRITTEN

    def pack(self, value: Any, depth: int) -> Packed:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int and -_EXACT <= value <= _EXACT:
            self.room -= _NUMBER
            return value
        if kind is float:
            self.room -= _NUMBER
            return value if math.isfinite(value) else ["f", repr(value)]
        if kind in _CONTAINERS:
            return self.container(value, kind, depth)
        return self.written(_text_of(value, kind) if kind in _TEXTS else self.thing(value))

    def thing(self, value: Any) -> Packed:
        reference = self.refer(value)
        return ["o", opaque_name(value)] if reference is None else reference

    def written(self, packed: Packed) -> Packed:
        """Raises _TooMuch where that does not fit into one message with what there is."""
        text = packed if type(packed) is str else packed[1]
        if type(text) is str:
            self.room -= len(encode_basestring_ascii(text)) + _TAG
            if self.room < 0:
                raise _TooMuch
        return packed

    def container(self, value: Any, kind: type, depth: int) -> Packed:
        self.room -= _TAG + 3 * len(value)
        self.left -= len(value) * (2 if kind is dict else 1) + 1
        if kind in _HASHED and len(value) > MAX_HASHED:
            return self.written(_too_large(kind, MAX_HASHED, "items"))
        if self.left < 0:
            return self.written(_too_large(kind, MAX_ITEMS, "items"))
        if depth >= MAX_DEPTH:
            return self.written(_too_large(kind, MAX_DEPTH, "levels"))
        return self.items(value, kind, depth + 1)

    def items(self, value: Any, kind: type, depth: int) -> Packed:
        if kind is dict:
            return ["d", *([self.pack(k, depth), self.pack(v, depth)] for k, v in value.items())]
        items = [self.pack(item, depth) for item in value]
        if kind in (set, frozenset):
            items.sort(key=lambda item: json.dumps(item, sort_keys=True))  # memory addresses must not show
        return [_CONTAINERS[kind], *items]


_CONTAINERS: dict[type, str] = {list: "l", tuple: "t", set: "s", frozenset: "z", dict: "d"}
_HASHED = (set, frozenset, dict)
_MAKERS: dict[str, Callable[[Any], Any]] = {"l": list, "t": tuple, "s": set, "z": frozenset}


_TEXTS = (str, bytes, int)


def _text_of(value: Any, kind: type) -> Packed:
    if kind is int:
        return ["i", hex(value)] if value.bit_length() <= MAX_BITS else _too_large(int, MAX_BITS, "bits")
    if len(value) > MAX_TEXT:
        return _too_large(kind, MAX_TEXT, "characters" if kind is str else "bytes")
    if kind is bytes:
        return ["b", value.decode("latin-1")]
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return ["u", value.encode("utf-8", "surrogatepass").hex()]
    return value


def pack(value: Any, refer: Callable[[Any], Packed | None]) -> Packed:
    """Pack `value`; `refer` gives the packed reference of a thing of the world, or None for what is none.

    Never raises for what a value is: too deep, too large or unknown becomes opaque.
    """
    kind = type(value)
    if kind is int and -_EXACT <= value <= _EXACT:
        return value  # most arguments are of these
    if (kind is float and math.isfinite(value)) or (kind is str and len(value) <= _SHORT and value.isascii()):
        return value
    packer = _Packer(refer)
    try:
        packed = packer.pack(value, 0)
    except _TooMuch:
        return _too_large(kind, MAX_WRITTEN, "characters")
    return packed if packer.room >= 0 else _too_large(kind, MAX_WRITTEN, "characters")


_AS_THEY_ARE = frozenset({type(None), bool, int, float, str})


class _Unpacker:
    def __init__(self, resolve: Callable[..., Any], opaque: Callable[[str], Any]):
        self.resolve, self.opaque, self.left = resolve, opaque, 2 * MAX_ITEMS

    def unpack(self, packed: Packed, depth: int) -> Any:
        kind = type(packed)
        if kind in _AS_THEY_ARE:
            return packed
        if kind is not list or not packed or type(packed[0]) is not str:
            raise ValueRefused("a value of no known shape")
        self.left -= len(packed)
        if depth > MAX_DEPTH + 1 or self.left < 0:
            raise ValueRefused("a value too deep or too large")
        return self.tagged(packed[0], packed[1:], depth + 1)

    def tagged(self, tag: str, rest: list[Any], depth: int) -> Any:
        if tag in ("s", "z", "d") and len(rest) > MAX_HASHED:
            raise ValueRefused("a set or dict that is too large")
        if tag in _MAKERS:
            return _MAKERS[tag]([item if type(item) in _AS_THEY_ARE else self.unpack(item, depth) for item in rest])
        if tag == "d":
            return {self.unpack(k, depth): self.unpack(v, depth) for k, v in rest}
        if tag == "r":
            return self.resolve(*rest)
        (text,) = rest
        if type(text) is not str:
            raise ValueRefused("a value of no known shape")
        return self.opaque(text) if tag == "o" else _SCALARS[tag](text)


_SCALARS: dict[str, Callable[[str], Any]] = {
    "b": lambda text: text.encode("latin-1"),
    "i": lambda text: int(text, 16),
    "f": {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}.__getitem__,
    "u": lambda text: bytes.fromhex(text).decode("utf-8", "surrogatepass"),
}


def unpack(packed: Packed, resolve: Callable[..., Any], opaque: Callable[[str], Any] = "<{}>".format) -> Any:
    """The value that was packed. `resolve(ref[, manifest])` gives what a reference stands for.

    Raises ValueRefused for anything that `pack` could not have made.
    """
    if type(packed) in _AS_THEY_ARE:
        return packed
    try:
        return _Unpacker(resolve, opaque).unpack(packed, 0)
    except ValueRefused:
        raise
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        raise ValueRefused(f"a value of no known shape ({type(error).__name__})") from None
