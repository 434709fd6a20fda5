"""What programs took of `time`, and of what else is replaced, before the first loop agrees with the clock, where they put it.

That is: a name of a module, an attribute of a class, a default of a parameter (so that of a dataclass's field, too), a variable
of a closure, both also where a decorator of others' has made another function of it, an argument of a `functools.partial`, an
item of a list, a tuple, a dictionary or one of `collections` (a deque, say, or a named tuple), an attribute of an object of a
program's own class or of a scheduler of `sched`. It is looked for once, from the modules of programs on; where it still is when
all comes down, it is put back.

The library, installed packages and we ourselves keep what they took. Nor is looked into what has more than `MANY` items, or is
more than `DEEP` within each other, into slots and sets, into what a program derives from a list or dictionary, and into a class
of C's.
"""

import collections
import contextlib
import dataclasses
import datetime
import enum
import functools
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from operator import is_
from types import BuiltinMethodType, CellType, FunctionType, MappingProxyType
from typing import Any

from grader.clock.library.replaced import Replacement
from grader.clock.lines import OURS

MANY, DEEP = 100, 4
_MOST = 100_000  # things that are looked at, some tenths of a second
_OF_OTHERS = (OURS, os.path.dirname(os.__file__) + os.sep)
_INSTALLED = ("site-packages", "dist-packages")
_PLAIN = frozenset({int, float, bool, str, bytes, complex, type(None)})
_DICTS = frozenset({dict, collections.OrderedDict, collections.defaultdict})
_ROWS = frozenset({list, collections.deque})
_SHARED = _DICTS | _ROWS | {functools.partial}  # they do not say whose they are; what others have by name is theirs
Change = Callable[[Any], Any]


def taken(real_and_ours: Iterable[tuple[Any, Any]]) -> list[Replacement]:
    """What programs have of the real ones is one replacement."""
    return [(_Taken(real_and_ours), "stands", True)]


class _Taken:
    """`stands`: programs have ours, where they had the real ones. Things that were made anew for this are kept with the old."""

    def __init__(self, real_and_ours: Iterable[tuple[Any, Any]]) -> None:
        self._ours = {id(real): (real, ours) for real, ours in real_and_ours}
        self._real = {id(ours): (ours, real) for real, ours in self._ours.values()}
        self._holders = list(_holders())
        self._stands = False

    @property
    def stands(self) -> bool:
        return self._stands

    @stands.setter
    def stands(self, stands: bool) -> None:
        self._stands = stands
        change = self._to_ours if stands else self._to_real
        self._holders = [holder for holder in self._holders if _exchange(holder, change)]

    def _to_ours(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if _is_tuple(kind) and len(value) <= MANY and depth <= DEEP:
            new = tuple.__new__(kind, [self._to_ours(each, depth + 1) for each in tuple.__iter__(value)])
            return value if all(map(is_, tuple.__iter__(value), tuple.__iter__(new))) else self._anew(value, new)
        if kind is staticmethod:
            function = self._to_ours(value.__func__)
            return value if function is value.__func__ else self._anew(value, staticmethod(function))
        if kind is BuiltinMethodType and value.__name__ in ("now", "utcnow") and _is_a_date(value.__self__):
            return self._anew(value, getattr(value.__self__, value.__name__))
        return self._ours.get(id(value), (None, value))[1]

    def _anew(self, old: Any, new: Any) -> Any:
        self._real[id(new)] = new, old
        return new

    def _to_real(self, value: Any) -> Any:
        return self._real.get(id(value), (None, value))[1]


def _is_tuple(kind: type) -> bool:
    """Also a program's named tuple, of which one with other items is as good: it has no attributes but them."""
    return kind is tuple or (
        issubclass(kind, tuple) and "_fields" in vars(kind) and not kind.__dictoffset__ and _is_of_a_program(kind)
    )


def _is_a_date(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, datetime.datetime)


# ---------------------------------------------------------------- what holds something, and how it is changed there


def _exchange(holder: Any, change: Change) -> bool:
    """Whether anything was changed."""
    kind = type(holder)
    if kind in _DICTS:
        factory = [("default_factory", holder.default_factory)] if kind is collections.defaultdict else []
        made = _each(factory, change, functools.partial(setattr, holder))
        return _each(list(holder.items()), change, holder.__setitem__) or made
    if kind in _ROWS:
        return _each(list(enumerate(holder)), change, holder.__setitem__)
    if issubclass(kind, type):
        return _each(list(vars(holder).items()), change, functools.partial(type.__setattr__, holder))
    if kind is functools.partial:
        func, args = change(holder.func), change(holder.args)
        if func is holder.func and args is holder.args:
            return False
        holder.__setstate__((func, args, holder.keywords, vars(holder)))
        return True
    return _each(list(_attributes(holder)), change, functools.partial(setattr, holder))


def _each(items: list[tuple[Any, Any]], change: Change, put: Callable[[Any, Any], object]) -> bool:
    changed = [(key, new) for key, value in items if (new := change(value)) is not value]
    for key, new in changed:
        put(key, new)
    return bool(changed)


def _attributes(holder: Any) -> Iterator[tuple[str, Any]]:
    """Those of a function, a variable of a closure, or a dataclass's field that may hold a function of the library's."""
    names = {FunctionType: ("__defaults__",), CellType: ("cell_contents",)}.get(
        type(holder), ("default", "default_factory")
    )
    for name in names:
        with contextlib.suppress(ValueError):  # the variable has no value yet
            yield name, getattr(holder, name)


# ---------------------------------------------------------------- where they are


def _holders() -> Iterator[Any]:
    """Whatever of programs holds other things."""
    seen: dict[int, Any] = {}  # which keeps them, so that no two have one identity
    left: list[tuple[Any, int]] = []
    for names in map(_names, list(sys.modules.values())):
        values = list(names.values())
        if _is_a_programs(names.get("__file__")):
            yield names
            left += [(value, 0) for value in values]
        else:
            seen |= {id(value): value for value in values if type(value) in _SHARED}
    while left and len(seen) < _MOST:
        value, depth = left.pop()
        if type(value) in _PLAIN or id(value) in seen or depth > DEEP:
            continue
        seen[id(value)] = value
        holders, inside = _look_into(value)
        yield from holders
        left += [(each, depth + (not issubclass(type(value), type))) for each in inside]


def _look_into(value: Any) -> tuple[list[Any], list[Any]]:
    """What in it is to be changed, and what is to be looked into."""
    kind = type(value)
    if kind is FunctionType:
        return _of_function(value) if _is_own(value.__globals__) else ([], _decorated(value))
    if kind in _DICTS or kind in _ROWS:
        inside = list(value.values() if kind in _DICTS else value)
        return ([], []) if len(inside) > MANY else ([value], inside)
    if _is_tuple(kind):
        inside = list(tuple.__iter__(value))
        return ([], []) if len(inside) > MANY else ([], inside)
    if kind is functools.partial:
        return [value, value.keywords], [value.func, *value.args, *value.keywords.values()]
    if kind is dataclasses.Field:
        return [value], []
    if kind is property:
        return [], [value.fget, value.fset, value.fdel]
    if kind is functools.cached_property:
        return [], [value.func]
    if kind is functools.partialmethod:
        return [_names(value), value.keywords], [value.func, *value.args, *value.keywords.values()]
    if kind is functools.singledispatchmethod:
        return [], [value.dispatcher]
    if kind is getattr(sys.modules.get("sched"), "scheduler", None):
        return [_names(value)], []
    if kind in (staticmethod, classmethod) or kind is functools._lru_cache_wrapper:
        return [], [getattr(value, "__wrapped__", None)]
    if issubclass(kind, type):
        return ([value], list(vars(value).values())) if _is_of_a_program(value) else ([], [])
    if not _is_of_a_program(kind) or issubclass(kind, enum.Enum):
        return [], []
    names = _names(value)
    return ([names], list(names.values())) if len(names) <= MANY else ([], [])


def _names(value: Any) -> dict[str, Any]:
    """Its attributes, without a question that an object might answer itself."""
    try:
        names = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return names if type(names) is dict else {}


def _of_function(function: Any) -> tuple[list[Any], list[Any]]:
    cells = list(function.__closure__ or ())
    contents = [content for cell in cells for _, content in _attributes(cell)]
    named = [names for names in (function.__kwdefaults__, function.__dict__) if names]
    held = [each for names in named for each in names.values()]
    own = [function] if function.__defaults__ else []
    return [*own, *cells, *named], [*(function.__defaults__ or ()), *contents, *held]


def _decorated(function: Any) -> list[Any]:
    """What a decorator of others' knows in the function that it has made: the program's; of `singledispatch` all of them."""
    choices = getattr(function, "registry", None)
    return [getattr(function, "__wrapped__", None), *(choices.values() if type(choices) is MappingProxyType else ())]


def _is_own(names: dict[str, Any]) -> bool:
    """What is made by `exec` for a class, as dataclasses and named tuples do, belongs to that."""
    return "__file__" not in names or _is_a_programs(names["__file__"])


def _is_of_a_program(kind: type) -> bool:
    module = sys.modules.get(str(vars(kind).get("__module__")))
    return _is_a_programs(getattr(module, "__file__", None))


def _is_a_programs(file: Any) -> bool:
    return isinstance(file, str) and _is_no_others(file)


@lru_cache(10_000)
def _is_no_others(file: str) -> bool:
    path = os.path.abspath(file)
    return not path.startswith(_OF_OTHERS) and not any(name in path.split(os.sep) for name in _INSTALLED)
