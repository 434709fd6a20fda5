"""Which files are plain: what they say cannot change, keep or find anything beyond what a run gives them.

Told from the text by lists of what is allowed: whatever is not known is not plain. A plain file has no class of its own, stores
nothing in an attribute, takes of a module what is listed here, and reads of any object only the attributes that are. With none
of them can it reach a thing that is there from one run to the next and can be changed: so it may be played where another
plain file was. Sets are left out because their order hangs on where things lie in memory.
"""

import ast
import asyncio
import builtins
import types
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from grader.course.model import Exercise


def _names(*texts: str) -> frozenset[str]:
    return frozenset(" ".join(texts).split())


# By module what may be taken of it. Left out is what sets something of the process or of the library, what remembers its
# arguments (the generic types of `typing`, whose cache takes 1 for True) or marks them (`functools.wraps`), and threads.
MODULES: Mapping[str, frozenset[str]] = {
    "__future__": _names("annotations"),
    "asyncio": _names(
        "sleep gather create_task ensure_future wait wait_for as_completed shield timeout timeout_at TaskGroup Task Future",
        "Queue LifoQueue PriorityQueue QueueEmpty QueueFull Lock Event Condition Semaphore BoundedSemaphore Barrier",
        "BrokenBarrierError CancelledError TimeoutError InvalidStateError FIRST_COMPLETED FIRST_EXCEPTION ALL_COMPLETED",
        "run current_task get_running_loop get_event_loop new_event_loop iscoroutine",
        "create_subprocess_shell create_subprocess_exec",
    ),
    "collections": _names("deque defaultdict Counter OrderedDict"),
    "collections.abc": _names(
        "AsyncGenerator AsyncIterable AsyncIterator Awaitable Callable Collection Coroutine Generator Iterable Iterator",
        "Mapping MutableMapping MutableSequence Sequence",
    ),
    "contextlib": _names("suppress"),
    "functools": _names("cache lru_cache partial reduce"),
    "itertools": _names(
        "accumulate chain combinations count cycle dropwhile islice pairwise permutations product repeat starmap takewhile",
        "zip_longest",
    ),
    "math": _names("ceil floor gcd inf isclose isqrt log prod sqrt"),
    "random": _names("choice choices randint random randrange sample seed shuffle uniform"),
    "time": _names("monotonic perf_counter sleep time"),
    "typing": _names("Any"),
}
_SUBPROCESS = "asyncio.subprocess"
_OF_SUBPROCESS = _names("PIPE STDOUT DEVNULL")  # it holds other modules, too

ATTRIBUTES = _names(
    # containers and texts; not `format`, which reads attributes by their names
    "append appendleft clear copy count elements extend extendleft get index insert items keys maxlen most_common",
    "move_to_end pop popitem popleft remove reverse rotate setdefault sort subtract update values from_iterable",
    "capitalize casefold center decode encode endswith find isalnum isalpha isdecimal isdigit islower isspace isupper join",
    "ljust lower lstrip partition removeprefix removesuffix replace rfind rjust rpartition rsplit rstrip split splitlines",
    "startswith strip swapcase title upper zfill",
    # tasks, futures, and what tasks wait for; not `get_coro` and `get_stack`, which lead to frames
    "add_done_callback cancel cancelled cancelling create_task done exception get_name remove_done_callback result",
    "set_exception set_name set_result uncancel",
    "abort acquire broken empty expired full get_nowait is_set join locked maxsize n_waiting notify notify_all parties put",
    "put_nowait qsize release reschedule reset set task_done wait wait_for when",
    # loops, streams and processes; not executors and signals
    "call_at call_later call_soon close create_future is_closed is_running run_forever run_until_complete stop time",
    "at_eof communicate drain is_closing kill read readexactly readline readuntil returncode stderr stdin stdout",
    "terminate wait_closed write write_eof writelines",
)

_BUILTINS = _names(
    "abs aiter all anext any bool bytes callable chr dict divmod enumerate filter float int isinstance iter len list map max",
    "min next ord pow print range repr reversed round sorted str sum tuple zip",
    "__name__",
) | {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception) and not name.startswith("_")
}

_ALL_BUILTINS = frozenset(vars(builtins))
_NODES = frozenset(
    (
        *(ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.arguments, ast.arg, ast.Return, ast.Yield),
        *(ast.YieldFrom, ast.Await, ast.Call, ast.keyword, ast.Starred, ast.Import, ast.ImportFrom, ast.alias),
        *(ast.Global, ast.Nonlocal, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.Delete, ast.Expr),
        *(ast.Pass, ast.If),
        *(ast.For, ast.AsyncFor, ast.While, ast.Break, ast.Continue, ast.With, ast.AsyncWith, ast.withitem, ast.Raise),
        *(ast.Try, ast.ExceptHandler, ast.Assert, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Dict),
        *(ast.List, ast.Tuple, ast.ListComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.FormattedValue),
        *(ast.JoinedStr, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice, ast.Name),
        *(kind for of in (ast.boolop, ast.operator, ast.unaryop, ast.cmpop) for kind in of.__subclasses__()),
    )
)


def plays_along(exercise: Exercise, nodes: Iterable[ast.AST], *, alone: bool) -> bool:
    """Whether that file for `exercise` may be played where another plain file of the same learner was.

    `nodes`: as of `is_plain`, none where it is no Python. `alone`: nothing lies beside it, and it is no notebook.
    """
    if not nodes or not alone or exercise.is_adopted or exercise.packages:
        return False
    python = exercise.file.world.python
    more = frozenset[str]() if python is None else _names_of_world(Path(exercise.folder, python).read_bytes())
    return is_plain(nodes, more)


def is_plain(nodes: Iterable[ast.AST], more: frozenset[str] = frozenset()) -> bool:
    """Whether a file is plain. `nodes`: all of its tree but for contexts, what stands around another before that.

    `more`: attributes that the exercise's own things have.
    """
    modules: dict[str, str] = {}  # by the names that they have there
    bound, read = set[str](), set[str]()
    attributes = list[ast.Attribute]()
    for node in nodes:
        kind: Any = type(node)
        if kind not in _NODES:
            return False
        if kind in _LOOKED_AT and not _LOOKED_AT[kind](node, modules, bound, read, attributes):
            return False
    if not bound.isdisjoint(modules) or any(name.startswith("__") for name in bound | modules.keys()):
        return False
    # also a name that is bound somewhere: elsewhere it may be Python's own all the same
    if any(name not in _BUILTINS and (name.startswith("__") or name in _ALL_BUILTINS) for name in read):
        return False
    return _are_plain(attributes, modules, ATTRIBUTES | more if more else ATTRIBUTES)


def _are_plain(attributes: Iterable[ast.Attribute], modules: Mapping[str, str], allowed: frozenset[str]) -> bool:
    whole = set[int]()  # what was looked at with what stands around it
    for node in attributes:
        of = _module_of(node.value, modules)
        if of == _SUBPROCESS and node.attr in _OF_SUBPROCESS:
            whole.add(id(node.value))
        elif node.attr not in (allowed if of is None else MODULES.get(of, ())) and id(node) not in whole:
            return False
    return True


def _module_of(node: ast.expr, modules: Mapping[str, str]) -> str | None:
    """The module that an expression stands for; None for any other."""
    if isinstance(node, ast.Attribute) and node.attr == "subprocess" and _module_of(node.value, modules) == "asyncio":
        return _SUBPROCESS
    return modules.get(node.id) if isinstance(node, ast.Name) else None


# ---------------------------------------------------------------- one node: whether it may be there, and what is known of it


def _import(node: ast.Import, modules: dict[str, str], *_: object) -> bool:
    for alias in node.names:
        name = alias.asname or alias.name
        if alias.name not in MODULES or "." in name or modules.setdefault(name, alias.name) != alias.name:
            return False
    return True


def _import_from(node: ast.ImportFrom, modules: dict[str, str], bound: set[str], *_: object) -> bool:
    allowed = MODULES.get(node.module or "", ())
    bound.update(alias.asname or alias.name for alias in node.names)
    return not node.level and all(alias.name in allowed for alias in node.names)


def _attribute(
    node: ast.Attribute, modules: object, bound: object, read: object, attributes: list[ast.Attribute]
) -> bool:
    attributes.append(node)
    return isinstance(node.ctx, ast.Load)


def _name(node: ast.Name, modules: object, bound: set[str], read: set[str], *_: object) -> bool:
    (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
    return True


def _named(node: Any, modules: object, bound: set[str], *_: object) -> bool:
    name = node.arg if isinstance(node, ast.arg) else node.name
    if name:
        bound.add(name)
    return True


_LOOKED_AT: dict[type, Callable[..., bool]] = {
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Attribute: _attribute,
    ast.Name: _name,
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.arg, ast.ExceptHandler), _named),
}


# ---------------------------------------------------------------- what a world has


@lru_cache(maxsize=64)
def _names_of_world(code: bytes) -> frozenset[str]:
    """The attributes that its classes give their objects, but for what the library has by that name, too."""
    found = set[str]()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                found.add(node.name)
            case ast.Attribute(ctx=ast.Store()):
                found.add(node.attr)
    return frozenset(name for name in found if not name.startswith("_")) - _of_the_library()


@cache
def _of_the_library() -> frozenset[str]:
    """All attributes of what a plain file may come across that is not the exercise's."""
    modules = [import_module(name) for name in MODULES]
    classes = [value for module in (*modules, builtins, types, asyncio.subprocess) for value in vars(module).values()]
    owners = [*modules, asyncio.subprocess, *(value for value in classes if isinstance(value, type))]
    return frozenset(name for owner in owners for name in dir(owner))
