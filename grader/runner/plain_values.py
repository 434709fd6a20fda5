"""What an entry of a file that is graded as it is gives back, as plain data where it is a kind of plain data.

Such courses return what their reference does: a `Counter`, a named tuple, objects of a dataclass. No method of the learner's is
called for it but an exception's own `__str__`, and what is too deep or too large stays what it is.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from grader.door.values import MAX_DEPTH, MAX_ITEMS

_MESSAGE = 500
_SCALARS: dict[type, Callable[[Any], Any]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
}
_AS_THEY_ARE = frozenset({type(None), bool, *_SCALARS})
_ITEMS: dict[type, Callable[[Any], Any]] = {
    list: list.__iter__,
    tuple: tuple.__iter__,
    set: set.__iter__,
    frozenset: frozenset.__iter__,
    deque: deque.__iter__,
}


class _TooMuch(Exception):
    pass


class _Plainly:
    def __init__(self) -> None:
        self._left = MAX_ITEMS

    def of(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if kind in _AS_THEY_ARE:
            return value
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise _TooMuch
        for base in kind.__mro__:
            if base is dict:
                pairs = dict.items(value)
                return {self.of(key, depth + 1): self.of(item, depth + 1) for key, item in pairs}
            if base in _ITEMS:
                items = [self.of(item, depth + 1) for item in _ITEMS[base](value)]
                return items if base in (list, deque) else base(items)
            if base in _SCALARS:
                return _SCALARS[base](value)
            if base is Enum:
                return self.of(object.__getattribute__(value, "_value_"), depth + 1)
            if base is BaseException:
                return f"{kind.__name__}: {str(value)[:_MESSAGE]}".removesuffix(": ")
        if is_dataclass(kind):
            names = [field.name for field in fields(kind)]
            return {name: self.of(object.__getattribute__(value, name), depth + 1) for name in names}
        return value


def plain_value(value: Any) -> Any:
    """`value`, or plain data that holds the same: subclasses of plain data and a deque as what they are made of, a member of an
    enumeration as its value, an object of a dataclass as a dict of its fields, an exception as `ValueError: its message`."""
    try:
        return _Plainly().of(value)
    except Exception:  # a part that is unhashable as plain data, a field that was deleted, a cycle
        return value
