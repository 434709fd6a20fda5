"""What a program calls a thing: a variable's name, or the way to it from one, `worker.queue` or `queues[1]`; or else whose
attribute it is. Read from frames, and from objects of the program's own classes, without running anything of the program's.
"""

import asyncio
import contextlib
import gc
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from types import FrameType, MemberDescriptorType
from typing import Any

from grader.clock.lines import nearness

Frames = list[FrameType]
Owners = Callable[[], Mapping[int, str]]  # by the id of a thing: `'queue' of a Worker`, or a variable's name alone
_PLAIN = {
    "ClockLock": "Lock",
    "RealLock": "Lock",
    "lock": "Lock",
    "ClockRLock": "RLock",
    "RealRLock": "RLock",
    "RealSimpleQueue": "SimpleQueue",
}
_DEEP, _MOST, _WIDE = 3, 2000, 100  # how far a name is looked for: steps from a variable, things, items of each


def by_number(name: str) -> list[tuple[int, str]]:
    """The key of an order in which Task-9 comes before Task-10."""
    # a number by how long it is and then by its digits, since there are names with more of them than `int` reads
    parts = enumerate(re.split(r"([0-9]+)", name))
    return [(len(digits := part.lstrip("0")), digits) if number % 2 else (0, part) for number, part in parts] + [
        (0, name)
    ]


def plain(kind: str) -> str:
    """The name of a class, as the library has it."""
    return _PLAIN.get(kind, kind)


def named(thing: Any, program: Frames, owners: Owners = dict) -> str:
    """`Queue 'q'`: its type and the program's name for it, where the innermost frames have one."""
    kind = plain(type(thing).__name__.lstrip("_"))
    name = _variable(thing, program) or _way(thing, program)
    if name:
        return f"{kind} '{name}'"
    owned = owners().get(id(thing))
    return f"{kind} {owned}" if owned else _a(kind)


def has_name(thing: Any, program: Frames) -> bool:
    """Whether a variable of the program's, or an attribute of its `self`, is that thing."""
    return bool(_variable(thing, program))


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"


def _variable(thing: Any, program: Frames) -> str:
    for frame in reversed(program):
        for names in (frame.f_locals, frame.f_globals):
            for name, value in list(names.items()):
                if value is thing:
                    return name
                if name == "self" and (attribute := _attribute(value, thing)):
                    return f"self.{attribute}"
    return ""


def _attribute(owner: Any, thing: Any) -> str | None:
    return next((name for name, value in _own(owner) if value is thing), None)


def _way(thing: Any, program: Frames) -> str:
    """From a variable of the innermost frame that has one."""
    for frame in reversed(program):
        found = _from(list(frame.f_locals.items()), thing)
        if found:
            return found
    return _from(list(program[-1].f_globals.items()), thing) if program else ""


def _from(begin: list[tuple[str, Any]], thing: Any) -> str:
    seen = {id(value) for _, value in begin}
    for _ in range(_DEEP):
        following = []
        for way, value in begin:
            for step, part in _parts(value):
                if part is thing:
                    return way + step
                if id(part) not in seen and len(seen) < _MOST:
                    seen.add(id(part))
                    following.append((way + step, part))
        begin = following
    return ""


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if type(value) in (list, tuple):
        yield from ((f"[{number}]", part) for number, part in enumerate(value[:_WIDE]))
    elif type(value) is dict:
        items = list(value.items())[:_WIDE]
        yield from ((f'["{key}"]' if type(key) is str else f"[{key}]", part) for key, part in items if _is_short(key))
    elif issubclass(type(value), asyncio.Condition | threading.Condition):  # who asks for its class runs what it says
        yield "", value._lock  # it is called as its condition
    elif is_of_a_program(type(value)):
        yield from ((f".{name}", part) for name, part in _own(value))


def _is_short(key: Any) -> bool:
    return type(key) is int or (type(key) is str and len(key) < _WIDE)


def _own(owner: Any) -> Iterator[tuple[str, Any]]:
    """The attributes of the object itself."""
    with contextlib.suppress(AttributeError, TypeError):
        yield from list(object.__getattribute__(owner, "__dict__").items())
    for name, slot in _slots(type(owner)):
        with contextlib.suppress(AttributeError):
            yield name, slot.__get__(owner)


def _slots(kind: type) -> list[tuple[str, Any]]:
    return [
        (name, slot)
        for each in _mro(kind)
        if "__slots__" in vars(each) and is_of_a_program(each)
        for name, slot in vars(each).items()
        if type(slot) is MemberDescriptorType
    ]


def is_of_a_program(kind: type) -> bool:
    """Whether a class is in one of its files. Not kept: nothing of a program's outlives it."""
    name = _module(kind)
    file = getattr(sys.modules.get(name), "__file__", None) if isinstance(name, str) else ""
    return nearness(file) > 1 if isinstance(file, str) else name not in sys.builtin_module_names


def variables(frames: Frames) -> dict[int, str]:
    """By the id of each thing that is a variable of these frames: its name; of several the first in the alphabet."""
    found: dict[int, str] = {}
    for frame in frames:
        for name, value in list(frame.f_locals.items()):
            found[id(value)] = min(f"'{name}'", found.get(id(value), f"'{name}'"))
    return found


# without asking a program's metaclass
_mro: Any = vars(type)["__mro__"].__get__
_module: Any = vars(type)["__module__"].__get__


def owners() -> dict[int, str]:
    """By the id of each thing that is an attribute of an object of the program's: what it is there."""
    found: dict[int, str] = {}
    known: dict[int, bool] = {}  # by the id of a class
    for owner in gc.get_objects():
        kind = type(owner)
        if id(kind) not in known:
            known[id(kind)] = is_of_a_program(kind)
        if known[id(kind)]:
            for name, value in _own(owner):
                said = f"'{name}' of {_a(kind.__name__)}"
                found[id(value)] = min(said, found.get(id(value), said))
    return found
