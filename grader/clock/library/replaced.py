"""What the standard library has in place of its own, from the first loop on.

Each replacement asks which clock the present thread is on, and is the real thing for a thread that is on none.

What a program itself has put there before, a mock say, is left to it; so is what it puts there later.

So two runs at the same time, in two threads, do not meet, and a test runner's own threads and durations stay real. `restored`
takes it all down again, where somebody's process is to be left as it was.
"""

import contextlib
import ctypes
import functools
import gc
import sys
from collections.abc import Callable, Iterator
from itertools import starmap
from operator import eq, itemgetter
from types import BuiltinMethodType, FunctionType, MethodType, ModuleType
from typing import Any

from grader.clock.library.held import Held
from grader.clock.lines import nearness

Replacement = tuple[Any, str, Any]  # whose attribute, its name, what stands there
VIRTUAL = "_in_virtual_time"  # what may stand there has it: whether it waits for that thing in virtual time

_before: list[Replacement] = []
_for_good: list[bool] = []
_left: list[Replacement] = []  # what a program had put there, and what it is
_on_top: list[Callable[[], None]] = []  # what puts up again that which stands over all others
# of what stands for good: how many were replaced; what is found there, in classes of C too; lists among that, as they were
_as_put_up: list[Any] = []


def stand() -> bool:
    """Whether all is in place; another library that replaces the same names may have put its own there, or the real ones.

    Each loop asks, so a few names are looked at, and by functions of C.
    """
    return _look(_held) == _expected and not (_left and _is_taken_back())


def _is_taken_back() -> bool:
    """Whether a program has put back what it had replaced."""
    return any(getattr(owner, name) is not there for owner, name, there in _left)


_SENTINELS = 3
_held: Any = None
_look: Callable[[Any], Any] = type
_expected: Any = None


def put_up(replacements: list[Replacement], over_all: bool = True) -> None:
    """Put these in place, unless it is `over_all` but for what a program has put there itself.

    The first three, which are of one owner, are those that `stand` looks at.
    """
    global _held, _look, _expected
    _left.clear()
    if not over_all:
        _left.extend(each for each in _there(replacements) if is_a_programs(each[2]))
        left = [(owner, name) for owner, name, _ in _left]
        replacements, sentinels = [each for each in replacements if each[:2] not in left], replacements
    else:
        sentinels = replacements
    _as_put_up.clear()
    add(replacements)
    _held, _look = vars(sentinels[0][0]), itemgetter(*(name for _, name, _ in sentinels[:_SENTINELS]))
    _expected = _look(_held)
    for again in _on_top:
        again()


def _there(replacements: list[Replacement]) -> Iterator[Replacement]:
    return ((owner, name, getattr(owner, name)) for owner, name, _ in replacements)


_GONE: Any = object()


def there(replacements: list[Replacement]) -> list[Replacement]:
    """What is now where these are to stand; there may be nothing."""
    return [(owner, name, getattr(owner, name, _GONE)) for owner, name, _ in replacements]


def put_back(before: list[Replacement]) -> None:
    """What was `there`."""
    for owner, name, value in reversed(before):
        if value is _GONE:
            delattr(owner, name)
        else:
            setattr(owner, name, value)


def is_a_programs(value: Any) -> bool:
    """Whether a program has made this to stand for something else: a mock, a function or a method of its own, `seen.append`."""
    mock: Any = sys.modules.get("unittest.mock")
    if mock is not None and isinstance(value, mock.NonCallableMock):
        return True
    while isinstance(value, functools.partial):
        value = value.func
    if isinstance(value, BuiltinMethodType):
        return not isinstance(value.__self__, ModuleType | type)
    function = value.__func__ if isinstance(value, MethodType | classmethod | staticmethod) else value
    if not isinstance(function, FunctionType):
        function = getattr(type(value), "__call__", None)  # noqa: B004 -- whose it is, and not whether it has one
    return isinstance(function, FunctionType) and nearness(function.__code__.co_filename) > 1


def untouched() -> bool:
    """Whether everything is as it was put up for good, to the last name."""
    if not _as_put_up or _as_put_up[0] != len(_before):
        return False
    _, held, lists = _as_put_up
    return held.same() and all(starmap(eq, lists))


def add(replacements: list[Replacement]) -> None:
    """Put these in place too; they come down with all others."""
    for owner, name, value in replacements:
        there = getattr(owner, name)
        if there is not value:
            _before.append((owner, name, there))
            setattr(owner, name, value)


def withdraw(replacements: list[Replacement]) -> None:
    """Take these down before all others, but for those that something else stands upon by now: these come down with it."""
    for owner, name, value in replacements:
        if getattr(owner, name) is value:
            at = max(number for number, before in enumerate(_before) if before[0] is owner and before[1] == name)
            setattr(*_before[at])
            del _before[at]


@contextlib.contextmanager
def on_top(make: Callable[[], list[Replacement]]) -> Iterator[None]:
    """What `make` gives stands over all others for this time; it is asked again where they come later."""
    mine: list[Replacement] = []

    def again() -> None:
        made = make()
        add(made)
        mine.extend(made)

    again()
    _on_top.append(again)
    try:
        yield
    finally:
        _on_top.remove(again)
        withdraw(mine)


def keep(replacements: list[Replacement]) -> None:
    """These, which were just put up, stand in forks of this process too.

    Only what stands for good is asked whether it is untouched: to see to that takes a tenth of a short run.
    """
    _for_good.append(True)
    lists = [(value, list(value)) for _, _, value in replacements if type(value) is list]
    names = ((vars(owner)["_kind"] if type(owner) is Inside else owner, name) for owner, name, _ in replacements)
    _as_put_up[:] = [len(_before), Held(names), lists]


def is_kept() -> bool:
    return bool(_for_good)


def take_down() -> None:
    """Leave everything as it was found."""
    global _expected
    _expected = None
    _for_good.clear()
    _as_put_up.clear()
    _left.clear()
    while _before:
        setattr(*_before[-1])
        _before.pop()


@contextlib.contextmanager
def restored() -> Iterator[None]:
    """What is put up in this time is taken down at its end."""
    stood = stand()
    try:
        yield
    finally:
        if not stood:
            take_down()


class Inside:
    """A class of C's as its own dictionary: a name in it can be replaced, though the class itself refuses that.

    So what is replaced is so in all objects, however a program came by them and whenever they were made; they stay the real
    ones, of the real class.
    """

    def __init__(self, kind: type) -> None:
        vars(self)["_kind"] = kind
        (vars(self)["_names"],) = (each for each in gc.get_referents(vars(kind)) if type(each) is dict)

    def __getattr__(self, name: str) -> Any:
        return self._names[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._names[name] = value
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(self._kind))  # what looked it up before looks again
