"""What a program changes in its interpreter beyond its own modules: whether there is any of it, and as if there had been none.

The names of the library's modules and of their classes are compared, and what is the process's own: its environment, limits,
descriptors, handlers and loggers. What is changed inside a function or a container of the library's (its defaults, a cache) is
not seen.
"""

import _signal  # type: ignore[import-not-found]  # `signal` seeks each handler in an enumeration
import contextlib
import copyreg
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from types import ModuleType
from typing import Any, TypeVar

from grader.clock.library.dict_memory import CAN_LOOK, HAS_VERSIONS, DictMemory, changes
from grader.clock.library.held import dictionary
from grader.runner.belongings import Own, belongings, limits, of_this_process, standing

# of the library's modules those that nobody changes, and that have many names
_LEFT_OUT = frozenset(
    ("ast", "dis", "email", "encodings", "errno", "importlib", "opcode", "socket", "ssl", "stat", "token", "tokenize", "xml")
)  # fmt: skip
_WITH_CLASSES = frozenset(
    ("asyncio", "collections", "concurrent", "contextlib", "datetime", "json", "logging", "queue", "random", "threading")
)  # fmt: skip
_IMMUTABLE = 1 << 8  # a flag of a class
# what changes by itself: in a fork, where a program failed last, what is remembered
_PASSING = frozenset(
    {"_active_limbo_lock", "_shutdown_locks", "_shutdown_locks_lock", "_CONFIG_VARS", "_name_sequence", "tempdir"}
    | {"last_exc", "last_type", "last_value", "last_traceback"}
)
_ZONE = "TZ"
_PLAIN = (str, int, float, tuple)  # what `time.tzset` sets anew, for one
T = TypeVar("T")
_SIGNALS = [number for number in _signal.valid_signals() if number < 32]


def in_own_context(play: Callable[[], T]) -> T:
    """What a program sets in its context, that of `decimal` among it, is gone with it."""
    context, decimal = copy_context(), sys.modules.get("decimal")
    if decimal is not None:
        context.run(decimal.setcontext, decimal.DefaultContext.copy())
    return context.run(play)


class Traces:
    """Those since this was made, or since `begin`."""

    def __init__(self) -> None:
        owners: list[ModuleType | type] = [*_modules(), *_classes()]
        self._versions = Versions([Names(owner) for owner in owners])
        self.begin()

    def begin(self) -> None:
        """What is the process's own is, from now on, as it is now."""
        self._own, self._known, self._standing = _of_the_process(), _known_loggers(), standing()
        self._bounds = limits()

    def begin_in_fork(self) -> None:
        """The same in a process that was just forked: but for bounds and descriptors all is as it was."""
        self._own, self._standing = of_this_process(self._own), standing()
        self._bounds = limits()

    def mended(self) -> bool:
        """Puts back what is the process's own; False where names of the library are others, on which that hangs, too, or what
        cannot be put back is another."""
        if self.renamed() or self._standing != standing():
            return False
        _forget_loggers(self._known)
        return _restore(self._own) or self._bounds == limits()

    def renamed(self) -> bool:
        """Whether names of the library are others than they were."""
        return any(names.changed() for names in self._versions.others())

    def take_away(self) -> None:
        """As if the program had changed nothing."""
        for names in self._versions.others():
            names.put_back()
        _forget_loggers(self._known)
        _restore(self._own)


class Names:
    """Those of a module or class; what they are bound to now can be put back."""

    __slots__ = ("_before", "_owner", "counts_changes", "look", "names")

    def __init__(self, owner: ModuleType | type) -> None:
        self._owner = owner
        self.names = dictionary(owner)
        self._before = dict(self.names)
        self.look = _look_at(self.names)
        self.counts_changes = HAS_VERSIONS and self.look is not None

    def changed(self) -> list[str]:
        """Those that are others than they were; but for a part of a package that was imported meanwhile."""
        if self.look is not None and self.look.same():
            return []
        there, before = self.names, self._before
        found = [
            name
            for name in {**there, **before}
            if (name not in there or name not in before or not _is_the_same(there[name], before[name]))
            and name not in _PASSING
            and not (name not in before and there[name] is sys.modules.get(f"{self._owner.__name__}.{name}", self))
        ]
        if not found:
            self.look = _look_at(there)
        return found

    def put_back(self) -> None:
        for name in self.changed():
            with contextlib.suppress(AttributeError, TypeError):
                if name in self._before:
                    setattr(self._owner, name, self._before[name])
                else:
                    delattr(self._owner, name)


class Versions:
    """Which of `names` may be others than they were when this was last asked: of most that is told by a number each."""

    __slots__ = ("_changes", "_held", "_names", "_others")

    def __init__(self, names: Sequence[Names]) -> None:
        by_place = {id(each.names): each for each in names}  # as they lie, which is how their changes are told
        self._names = [each for _, each in sorted(by_place.items()) if each.counts_changes]
        self._others = [each for each in by_place.values() if not each.counts_changes]
        self._changes = changes(each.names for each in self._names)
        self._held = self._changes()

    def others(self) -> Iterator[Names]:
        """Those that have to be looked at. What is left of them when this ends is taken to be unchanged."""
        now = self._changes()
        if now != self._held:
            for names, one, other in zip(self._names, now, self._held, strict=True):
                if one != other:
                    yield names
        yield from self._others
        self._held = now


def _is_the_same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and type(one) in _PLAIN and one == other)


def _look_at(names: dict[str, Any]) -> DictMemory | None:
    """None where it cannot be told so, and each name has to be compared."""
    if not CAN_LOOK:
        return None
    try:
        return DictMemory(names)
    except ValueError:
        return None


def _modules() -> Iterator[ModuleType]:
    """Of the library, those that a program may know by name."""
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        theirs = top in sys.stdlib_module_names and top not in _LEFT_OUT and "._" not in name
        if theirs and not top.startswith("_") and isinstance(module, ModuleType):
            yield module


def _classes() -> Iterator[type]:
    found: dict[int, type] = {}
    for module in _modules():
        if module.__name__.partition(".")[0] in _WITH_CLASSES:
            for value in vars(module).values():
                if isinstance(value, type) and not value.__flags__ & _IMMUTABLE:
                    found[id(value)] = value
    yield from found.values()


# ---------------------------------------------------------------- what is the process's own


def _of_the_process() -> Own:
    """What there is, each with what puts it back."""
    main = threading.main_thread()
    mask = os.umask(0o077)
    os.umask(mask)
    found: Own = [
        (_environment, _variables()),
        (os.umask, mask),
        (sys.setrecursionlimit, sys.getrecursionlimit()),
        (sys.setswitchinterval, sys.getswitchinterval()),
        (sys.set_int_max_str_digits, sys.get_int_max_str_digits()),
        (_thresholds, gc.get_threshold()),
        (sys.settrace, sys.gettrace()),
        (sys.setprofile, sys.getprofile()),
        (_dispatch, dict(copyreg.dispatch_table)),
        (_meta_path, list(sys.meta_path)),
        (_path_hooks, list(sys.path_hooks)),
        (_thread, (main.name, sorted(vars(main)))),
        (_handlers, [_signal.getsignal(number) for number in _SIGNALS]),
        *belongings(),
    ]
    if "logging" in sys.modules:
        found.append((_loggers, _of_logging()))
    if "locale" in sys.modules:
        import _locale

        found.append((_locale_back, _locale.setlocale(_locale.LC_ALL)))
    return found


def _restore(own: Own) -> bool:
    """Whether nothing had to be put back."""
    now = _of_the_process()
    if now == own:
        return True
    there = dict(now)
    for put_back, value in own:
        if there.get(put_back) != value:
            put_back(value)
    return False


def _variables() -> dict[Any, Any]:
    """Of the environment, as the system has them: to read each as a text takes a microsecond."""
    environment: Any = os.environ
    return dict(environment._data)


def _environment(variables: dict[Any, Any]) -> None:
    environment: Any = os.environ
    names = {environment.decodekey(name): environment.decodevalue(value) for name, value in variables.items()}
    zone = os.environ.get(_ZONE)
    for name in os.environ.keys() - names.keys():
        del os.environ[name]
    os.environ.update(names)
    if zone != names.get(_ZONE) and hasattr(time, "tzset"):
        time.tzset()


def _thresholds(values: tuple[int, ...]) -> None:
    gc.set_threshold(*values)


def _dispatch(table: dict[Any, Any]) -> None:
    copyreg.dispatch_table.clear()
    copyreg.dispatch_table.update(table)


def _meta_path(finders: list[Any]) -> None:
    sys.meta_path[:] = finders


def _path_hooks(hooks: list[Any]) -> None:
    sys.path_hooks[:] = hooks


def _thread(told: tuple[str, list[str]]) -> None:
    main, (name, names) = threading.main_thread(), told
    main.name = name
    for more in vars(main).keys() - set(names):
        del vars(main)[more]


def _handlers(handlers: list[Any]) -> None:
    for number, handler in zip(_SIGNALS, handlers, strict=True):
        if handler is not None and _signal.getsignal(number) is not handler:
            _signal.signal(number, handler)


def _known_loggers() -> set[str]:
    logging = sys.modules.get("logging")
    return set() if logging is None else set(logging.root.manager.loggerDict)


def _forget_loggers(known: set[str]) -> None:
    """Those that a program has made go with it."""
    logging = sys.modules.get("logging")
    loggers = {} if logging is None else logging.root.manager.loggerDict
    for name in loggers.keys() - known:
        del loggers[name]


def _of_logging() -> list[Any]:
    """The state of each logger that the library has itself."""
    import logging

    known = logging.root.manager.loggerDict.items()
    theirs = [logger for name, logger in known if name.partition(".")[0] in sys.stdlib_module_names]
    loggers = [logging.root, *(logger for logger in theirs if isinstance(logger, logging.Logger))]
    return [logging.root.manager.disable, *((one, _of_logger(one)) for one in loggers)]


def _of_logger(logger: Any) -> list[Any]:
    return [list(logger.handlers), list(logger.filters), logger.level, logger.disabled, logger.propagate]


def _loggers(told: list[Any]) -> None:
    import logging

    logging.root.manager.disable = told[0]
    for logger, (handlers, filters, level, disabled, propagate) in told[1:]:
        logger.handlers[:], logger.filters[:] = handlers, filters
        logger.setLevel(level)
        logger.disabled, logger.propagate = disabled, propagate


def _locale_back(text: str) -> None:
    import _locale

    _locale.setlocale(_locale.LC_ALL, text)
