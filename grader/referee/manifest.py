"""The allow-list of what the learner's side may see and call of a thing of the world; the rest does not exist there."""

import builtins
import inspect
from math import isfinite
from typing import Any
from weakref import WeakKeyDictionary

from grader.errors import GraderFault
from grader.referee.ledger import Key
from grader.referee.outcome import Opaque
from grader.referee.world import Clients, Offered, Stream

_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: a class made by a class statement


# a world's classes are made anew for each run, and are to go with it
_methods: "WeakKeyDictionary[type, dict[str, tuple[str, list[str]]]]" = WeakKeyDictionary()


def _read_methods(kind: type) -> dict[str, tuple[str, list[str]]]:
    found = {}
    for base in reversed(kind.__mro__[:-1]):
        for name, member in vars(base).items():
            if inspect.isfunction(member) and not name.startswith("_"):
                code = member.__code__
                form = "async" if inspect.iscoroutinefunction(member) else "plain"
                found[name] = form, list(code.co_varnames[1 : code.co_argcount])
    return found


def methods_of(thing: Any) -> dict[str, tuple[str, list[str]]]:
    """Public methods of a thing of the world: name -> ("async" or "plain", names of parameters)."""
    kind = type(thing)
    if kind not in _methods:
        _methods[kind] = _read_methods(kind)
    return _methods[kind]


def is_thing(value: Any) -> bool:
    """Whether `value` is something of the world that can be referred to."""
    if isinstance(value, Offered | Stream | Clients):
        return True
    kind = type(value)
    return bool(kind.__flags__ & _HEAP_TYPE) and not isinstance(value, BaseException | type) and bool(methods_of(value))


def operation_of(thing: Any, method: str) -> tuple[Any, str, str] | None:
    """What a call of `method` on `thing` means: (function, kind, operation's name); None if not offered.

    The kind is "async", "plain" (it answers at once) or "blocking" (it holds the calling thread until its end).
    """
    if isinstance(thing, Offered):
        return (thing.function, _kind(thing), thing.name) if method == "__call__" else None
    if isinstance(thing, Stream | Clients) or method not in methods_of(thing):
        return None
    return getattr(thing, method), methods_of(thing)[method][0], method


MAX_KEY = 60


def key_of(thing: Any, args: tuple[Any, ...]) -> Key:
    """The key of a call: the function's own rule, or the object's `key`. A call with the wrong arguments has none.

    It may come from the learner's arguments, and goes into every output: so it is a short text or a number, whatever it was.
    """
    if not isinstance(thing, Offered):
        return _plain(getattr(thing, "key", None))
    if thing.key_of is None:
        return None
    try:
        return _plain(thing.key_of(*args))
    except (TypeError, IndexError, KeyError):
        return None


def _plain(key: Any) -> Key:
    kind = type(key)
    if key is None or kind is bool or (kind is int and key.bit_length() <= 64) or (kind is float and isfinite(key)):
        number: Key = key
        return number
    if kind is str:
        text: str = key if len(key) <= MAX_KEY else key[: MAX_KEY - 3] + "..."
        return text.encode("utf-8", "replace").decode()
    return f"<{key.type if isinstance(key, Opaque) else kind.__name__}>"[:MAX_KEY]


def _kind(function: Offered) -> str:
    if function.blocking:
        return "blocking"
    return "async" if function.is_operation else "plain"


def manifest_of(thing: Any, describe: Any) -> dict[str, Any]:
    if isinstance(thing, Stream):
        return {"type": "stream", "key": thing.key}
    if isinstance(thing, Clients):
        return {"type": "clients"}
    if isinstance(thing, Offered):
        defaults = {"defaults": {name: describe(value) for name, value in thing.defaults.items()}}
        return {"type": thing.name, "call": _kind(thing), "params": thing.params} | (defaults if thing.defaults else {})
    attributes = {name: describe(getattr(thing, name)) for name in getattr(thing, "shows", ())}
    return {"type": type(thing).__name__, "attributes": attributes, "methods": methods_of(thing)}


class Errors:
    """The exception types that may reach the learner: builtins, and those that the world declared with a builtin base."""

    def __init__(self) -> None:
        self._bases: dict[type[BaseException], str] = {}

    def declare(self, name: str, base: type[Exception]) -> type[Exception]:
        if getattr(builtins, base.__name__, None) is not base:
            raise GraderFault(
                f"error {name!r} of the world has the base {base.__name__!r}; a builtin exception is needed"
            )
        made = type(name, (base,), {})
        self._bases[made] = base.__name__
        return made

    def describe(self, error: Exception) -> list[Any]:
        """["error", name, message, base]; raises GraderFault for a type that was not declared."""
        kind = type(error)
        if getattr(builtins, kind.__name__, None) is kind:
            return ["error", kind.__name__, str(error.args[0]) if error.args else "", kind.__name__]
        if kind not in self._bases:
            raise GraderFault(
                f"world code raised {kind.__name__}, which it did not declare with world.error(...): {error}"
            )
        return ["error", kind.__name__, str(error), self._bases[kind]]
