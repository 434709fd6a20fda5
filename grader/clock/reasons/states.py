"""Whether all that a program can see is as it was before: then a loop whose clock stands still turns for ever.

A state is what the callbacks that are ready lead to, gone through from there in one order: frames with their lines and values,
what their functions name, objects of the program's classes, asyncio's own. Two states are equal only if nothing in them tells
one from the other. Where anything is met that may hold more than is seen (an object of C's that is not known here, a package's,
a call of the library's that asks the outside), there is no state, and nothing is concluded.

Checked on 3.11, 3.12 and 3.13: a suspended coroutine tells the garbage collector of its function, its variables and what
stands on its stack, in one order.
"""

import asyncio
import builtins
import collections
import contextlib
import dataclasses
import functools
import gc
import os
import reprlib
import sys
import types
from asyncio import events, futures, tasks
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context, ContextVar
from opcode import opmap
from typing import Any

from grader.clock.lines import CLOCK, OURS, nearness

State = list[Any]
_MOST, _LONG = 4000, 40_000  # things, and what is seen of them; what is larger is not compared
_MANY = 100  # items of a queue that nobody calls task_done() for; how many more there are makes no difference

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis), type(NotImplemented), range, slice)
_ROWS = (tuple, list, set, frozenset, collections.deque)
_ITERATORS: Any = (type(iter(())), type(iter([])), type(iter(range(0))), type(iter("")))
_UNSEEN = (
    "globals locals vars dir exec eval compile open input __import__ id hash iter map filter zip enumerate reversed"
)
_CALLS = frozenset(
    id(value)
    for name, value in vars(builtins).items()
    if isinstance(value, types.BuiltinFunctionType) and name not in _UNSEEN.split()
) | {id(each) for each in (events.get_running_loop, events._get_running_loop, tasks.current_task)}
_EMPTY_TYPES = frozenset(id(value) for name, value in vars(builtins).items() if type(value) is type) - frozenset(
    id(getattr(builtins, name)) for name in ("map", "filter", "zip", "enumerate", "reversed", "memoryview")
)
_MADE = {"__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__match_args__", "__qualname__"} | {
    "__dataclass_fields__",
    "__dataclass_params__",
    "__firstlineno__",
    "__static_attributes__",
    "__orig_bases__",
    "__parameters__",
}
_ASK = (tasks.all_tasks, asyncio.as_completed)  # they know of more
_ASYNCIO = asyncio.__file__.removesuffix("__init__.py")
# what `__await__` of a future and of a coroutine give, and what is scheduled for a task
_WRAPPERS = {("_asyncio", "FutureIter"), ("builtins", "coroutine_wrapper"), ("builtins", "TaskStepMethWrapper")} | {
    ("_asyncio", "TaskStepMethWrapper")
}
# whose functions keep what they know in what they are given
_KNOWN = tuple(CLOCK + each for each in ("loops", "handles.py", f"library{os.sep}timepatch.py"))
_KNOWN += (dataclasses.__file__, reprlib.__file__)
_RUNNER = os.path.join(OURS, "runner") + os.sep
_SUPPRESS = (contextlib.suppress.__enter__, contextlib.suppress.__exit__)
_IMPORTS = opmap["IMPORT_NAME"]


class _Unseen(Exception):
    """Something may hold more than is seen of it."""


_COUNTS = {"hashed"}  # what a loop counts for itself: who makes futures turn after turn may still get nowhere


def state(loop: Any) -> State | None:
    """Of what `loop` is about to do, between two of its turns; None if not all can be seen."""
    walk = _Walk(loop)
    own = {name: value for name, value in vars(loop).items() if name not in _COUNTS}
    walk.seen += [(name, repr(value)) for name, value in own.items() if type(value) in _PLAIN]
    try:
        for handle in list(loop._ready):
            walk.come_to(handle)
        walk.go_on()
        walk.go_through_contexts()
    except Exception:  # whatever cannot be looked at is not seen
        return None
    return walk.seen


class _Walk:
    """`seen` is what tells states apart; a thing that is met again is a number in it."""

    def __init__(self, loop: Any) -> None:
        self.seen: State = []
        self._numbers: dict[int, int] = {id(loop): -1}
        self._held: list[Any] = []  # what is met is not to be gone, and its place in memory another's, before the end
        self._next: collections.deque[Callable[[], Iterable[Any]]] = collections.deque()

    def go_on(self) -> None:
        while self._next:
            for each in self._next.popleft()():
                self.come_to(each)

    def go_through_contexts(self) -> None:
        """What the variables that were met are to whoever is to go on; of all others nobody knows."""
        for variable in (thing for thing in self._held if type(thing) is ContextVar):
            for context in (thing for thing in self._held if type(thing) is Context):
                self.come_to(context.get(variable, variable))
                self.go_on()

    def come_to(self, thing: Any) -> None:
        kind = type(thing)
        if kind in _PLAIN:
            if isinstance(thing, str | bytes) and len(thing) > _LONG:
                raise _Unseen
            self.seen.append((kind.__name__, repr(thing)))
            return
        number = self._numbers.setdefault(id(thing), len(self._numbers))
        self.seen.append(number)
        if number != len(self._numbers) - 1 or number == -1:
            return  # it was met before
        if number > _MOST or len(self.seen) > _LONG:
            raise _Unseen
        self._held.append(thing)
        self.seen.append(kind.__name__)
        self._next.append(lambda: self._parts(thing, kind))

    def _parts(self, thing: Any, kind: type) -> Iterable[Any]:
        if nearness(_file_of(kind)) > 1 and not issubclass(kind, BaseException):
            return _of_instance(thing)
        if (kind.__module__, kind.__name__) in _WRAPPERS:
            return [each for each in gc.get_referents(thing) if each is not kind]
        return next((parts for known, parts in _PARTS if issubclass(kind, known)), _of_instance)(thing)


# ---------------------------------------------------------------- values


def _of_row(row: Any) -> Iterable[Any]:
    if type(row) not in _ROWS or len(row) > _MOST:
        raise _Unseen
    return [getattr(row, "maxlen", None), len(row), *row]


def _of_dict(items: Any) -> Iterable[Any]:
    if type(items) not in (dict, collections.OrderedDict, types.MappingProxyType) or len(items) > _MOST:
        raise _Unseen
    return [len(items), *(part for item in list(items.items()) for part in item)]


def _of_iterator(iterator: Any) -> Iterable[Any]:
    _, *state = iterator.__reduce__()
    return [part if type(part) is not tuple else list(part) for part in state]


def _of_cell(cell: types.CellType) -> Iterable[Any]:
    with contextlib.suppress(ValueError):
        return [cell.cell_contents]
    return ["empty"]


# ---------------------------------------------------------------- functions and classes


def _is_of_asyncio(file: str) -> bool:
    return file.startswith(_ASYNCIO)


def _of_function(function: Any) -> Iterable[Any]:
    code = function.__code__
    if _is_of_asyncio(code.co_filename) or code.co_filename.startswith(_KNOWN) or function in _SUPPRESS:
        if function in _ASK:
            raise _Unseen
        return [id(code)]
    if nearness(code.co_filename) <= 1:
        raise _Unseen
    parts = [id(code), *_named_in(code, function.__globals__), *(function.__closure__ or ())]
    return [*parts, function.__defaults__, function.__kwdefaults__, dict(function.__dict__)]


def _named_in(code: types.CodeType, names: dict[str, Any]) -> Iterator[Any]:
    """What a function, and those within it, may come to by a global name."""
    if _IMPORTS in code.co_code[::2]:
        raise _Unseen
    for name in code.co_names:
        found = names.get(name, vars(builtins).get(name))
        yield name
        yield from _in_module(found, code) if isinstance(found, types.ModuleType) else [found]
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _named_in(constant, names)


def _in_module(module: types.ModuleType, code: types.CodeType) -> Iterator[Any]:
    """What its attribute may be of those that the function has names for."""
    for name in code.co_names:
        found = vars(module).get(name)
        if isinstance(found, types.ModuleType):
            raise _Unseen
        if found is not None:
            yield name
            yield found


def _of_builtin(call: Any) -> Iterable[Any]:
    owner = call.__self__
    if owner is None or isinstance(owner, types.ModuleType):
        if id(call) not in _CALLS:
            raise _Unseen
        return [call.__name__]
    return [call.__name__, owner]


def _of_class(kind: type) -> Iterable[Any]:
    if id(kind) in _EMPTY_TYPES or kind in _ROWS or _is_of_asyncio(_file_of(kind)) or kind is contextlib.suppress:
        return [kind.__qualname__]
    if type(kind) is not type or nearness(_file_of(kind)) <= 1:
        raise _Unseen
    named = [(name, value) for name, value in vars(kind).items() if name not in _MADE]
    shown = [each for each in named if type(each[1]) not in (types.GetSetDescriptorType, types.MemberDescriptorType)]
    return [*kind.__bases__, *(part for item in shown for part in item)]


def _file_of(kind: type) -> str:
    module = sys.modules.get(str(kind.__module__))
    file = getattr(module, "__file__", None) or ""
    return file if isinstance(file, str) and file.endswith(".py") else ""


def _of_instance(thing: Any) -> Iterable[Any]:
    """Of a class of the program's or of asyncio's, that is all Python's; what it has is its attributes."""
    kind = type(thing)
    if type(kind) is not type:
        raise _Unseen
    for each in kind.__mro__[:-1]:
        if not (_is_of_asyncio(_file_of(each)) or nearness(_file_of(each)) > 1) or not _is_written_in_python(each):
            raise _Unseen
    slots = [
        value.__get__(thing)
        for each in kind.__mro__
        for name, value in vars(each).items()
        if type(value) is types.MemberDescriptorType and _has(value, thing)
    ]
    kept = _attributes(thing)
    if issubclass(kind, asyncio.Queue) and "_unfinished_tasks" in kept:
        kept["_unfinished_tasks"] = min(kept["_unfinished_tasks"], _MANY)
    return [kind, *slots, kept]


def _attributes(thing: Any) -> dict[str, Any]:
    """Without asking anything of the program's."""
    try:
        return dict(object.__getattribute__(thing, "__dict__"))
    except AttributeError:
        return {}


def _is_written_in_python(kind: type) -> bool:
    return "__module__" in vars(kind) and bool(kind.__flags__ & 1 << 9) and not kind.__flags__ & 1 << 8


def _has(slot: Any, thing: Any) -> bool:
    try:
        slot.__get__(thing)
    except AttributeError:
        return False
    return True


# ---------------------------------------------------------------- what is suspended


def _of_coroutine(coroutine: Any) -> Iterable[Any]:
    prefix = {types.GeneratorType: "gi", types.AsyncGeneratorType: "ag"}.get(type(coroutine), "cr")
    frame = getattr(coroutine, f"{prefix}_frame")
    if frame is None:
        return ["over"]
    if frame.f_code.co_filename.startswith(_RUNNER):  # it only waits for the program, whatever it knows itself
        return [id(frame.f_code), frame.f_lasti, getattr(coroutine, f"{prefix}_await")]
    names = frame.f_globals
    bound = [] if frame.f_locals is names else list(frame.f_locals)  # first, since it is made of what is there now
    parts = [each for each in gc.get_referents(coroutine) if type(each) not in (types.FrameType, types.CodeType)]
    parts = [each for each in parts if each is not names]  # a module's, of which its function tells what it uses
    if not any(type(each) is types.FunctionType for each in parts):
        raise _Unseen
    return [id(frame.f_code), frame.f_lasti, *bound, *parts]


def _of_future(future: Any) -> Iterable[Any]:
    failed = future.done() and not future.cancelled() and future._exception
    result = future._result if future.done() and not future.cancelled() and not failed else None
    callbacks = [part for each in future._callbacks or () for part in each]
    parts = [future._state, result, failed, callbacks]
    if not _file_of(type(future)).startswith(_RUNNER):  # of a run's task we keep what nobody of the program sees
        parts.append(_attributes(future))
    if isinstance(future, tasks.Task):
        task: Any = future
        parts += [task._must_cancel, task.cancelling(), task._fut_waiter, task.get_coro()]
    return parts


def _of_handle(handle: Any) -> Iterable[Any]:
    return [handle._cancelled, handle._callback, handle._args, handle._context]


def _of_error(error: BaseException) -> Iterable[Any]:
    if nearness(_file_of(type(error))) <= 1 and id(type(error)) not in _EMPTY_TYPES:
        raise _Unseen
    return [type(error), error.args, dict(error.__dict__), error.__cause__, error.__context__]


_PARTS: list[tuple[Any, Callable[[Any], Iterable[Any]]]] = [
    (_ROWS, _of_row),
    ((dict, types.MappingProxyType), _of_dict),
    (_ITERATORS, _of_iterator),
    (types.CellType, _of_cell),
    (types.FunctionType, _of_function),
    (types.MethodType, lambda method: [method.__func__, method.__self__]),
    (types.BuiltinFunctionType, _of_builtin),
    ((staticmethod, classmethod), lambda method: [method.__func__]),
    (functools.partial, lambda call: [call.func, call.args, call.keywords]),
    (property, lambda made: [made.fget, made.fset, made.fdel]),
    (type, _of_class),
    ((types.CoroutineType, types.GeneratorType, types.AsyncGeneratorType), _of_coroutine),
    (futures.Future, _of_future),
    (events.Handle, _of_handle),
    (BaseException, _of_error),
    (ContextVar, lambda variable: [id(variable)]),
    (contextlib.suppress, lambda suppress: [vars(suppress)]),
    (Context, lambda context: []),
]
