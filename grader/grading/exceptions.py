"""Exceptions in plain words: what happened, never in wording that differs between versions of Python."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator

from grader.checks import Source, View
from grader.checks.failures import completed, defines, refused_call
from grader.checks.words import article, steady
from grader.grading import loop_errors
from grader.grading.own_files import of_own_files
from grader.referee.ledger import Row
from grader.referee.outcome import Failure

_UNKNOWN_NAME = ("NameError", "UnboundLocalError")
_IMPORTS = ("ImportError", "ModuleNotFoundError")
_NO_COROUTINE = (
    "what is needed there is a coroutine, which is what the call of a coroutine function (`async def`) makes"
)
_NOT_CALLED = "a function stands after `await`, and what can be awaited is what its call gives; add the brackets"
_AWAITED = re.compile(r"object (\w+) can't be used in 'await' expression|'(\w+)' object can't be awaited")
_MODULES = re.compile(r"module '([\w.]+)' has no attribute")
_FUNCTIONS = frozenset({"function", "method", "builtin_function_or_method"})
_NO_AWAITABLE = "what is given to `await` or asyncio there cannot be awaited; give coroutines or tasks, each by itself"
_FOR_GATHER = "gather takes coroutines and tasks one by one; put a star in front of a list or a generator of them"
_AMONG_GATHERED = "gather waits for coroutines and tasks, and among what it was given is something that is neither"
_FOR_RUN = "asyncio.run needs one coroutine, which is what the call of a coroutine function (`async def`) makes"
_FOR_WAIT = "what is needed there is a list of tasks, and it was given one thing that is no list"
_TOGETHER = "two values were put together that do not go together"
_RESULT_FIRST = "a coroutine or a task was used where its result is needed; await it first"
_NOT_IN_GROUP = "a TaskGroup makes tasks inside its `async with` block only, and only while none of them has failed"
_EMPTY = "the smallest or the greatest of nothing was asked for"
_NO_NUMBER = "a text was to be read as a number, and is none"
_BY_ITSELF = (
    "your file runs by itself, with what comes with Python and what the exercise gives it; put what it needs of other files "
    "into it"
)
# What Python says, in whatever version, and what it means; a known type alone where its messages differ.
_MEANINGS = (
    ("relative import", f"a dot in front of a name is for the files of a package; {_BY_ITSELF}"),
    ("await wasn't used with future", "a task or future was used where its result is needed; await it first"),
    ("already awaited", "a coroutine was awaited twice; each call makes a coroutine that runs once"),
    ("being awaited already", "a coroutine was awaited twice; each call makes a coroutine that runs once"),
    ("from a running event loop", "a loop is running already; inside a coroutine, await instead"),
    ("loop is already running", "a loop is running already; inside a coroutine, await instead"),
    ("while another loop is running", "a loop is running already; inside a coroutine, await instead"),
    ("no running event loop", "no loop is running here; a task can only be made inside a coroutine"),
    ("Task got bad yield", _NO_AWAITABLE),
    ("a coroutine or an awaitable is required", _NO_AWAITABLE),
    ("a coroutine was expected", _NO_COROUTINE),
    ("Passing coroutines is forbidden", "asyncio.wait takes tasks; make a task of each coroutine first"),
    ("has already been entered", "what stands after `async with` can be entered once only; make a new one each time"),
    ("TaskGroup <TaskGroup", _NOT_IN_GROUP),
    ("raised StopIteration", "`next` was asked for one more item than there is"),
    ("raised StopAsyncIteration", "`anext` was asked for one more item than there is"),
    ("exceptions must derive from BaseException", "what stands after `raise` is no exception"),
    ("No active exception to reraise", "there is no exception here that a bare `raise` could raise again"),
    ("Result is not set", "the result was asked for before it was there; await the task instead"),
    ("Exception is not set", "the exception was asked for before the task was done; await the task instead"),
    ("coroutine' object", _RESULT_FIRST),
    ("type 'coroutine'", _RESULT_FIRST),
    ("non-iterable coroutine", _RESULT_FIRST),
    ("'coroutine' and", _RESULT_FIRST),
    ("and 'coroutine'", _RESULT_FIRST),
    ("Task'", _RESULT_FIRST),
    ("Future'", _RESULT_FIRST),  # such as what gather gives
    ('(not "coroutine")', _RESULT_FIRST),
    ("coroutine found", _RESULT_FIRST),
    ("must be an iterable, not coroutine", _RESULT_FIRST),
    ("must be an iterable, not", "what stands after the star has no items"),
    ("futures, not", _FOR_WAIT),
    ("awaitables, not", _FOR_WAIT),
    ("Set of Tasks/Futures is empty", "asyncio.wait was given no task that it could wait for"),
    ("task_done() called too many times", "`task_done` was called more often than an item was taken from the queue"),
    ("un-acquired lock", "a condition can be used only while it is held: inside `async with`"),
    ("is not acquired", "a lock was released that nobody held; `async with` does both by itself"),
    (
        "async_generator' object",
        "an async generator was used where its values are needed; go through it with `async for`",
    ),
    ("positional argument but", "something was called with more arguments than it takes"),
    ("positional arguments but", "something was called with more arguments than it takes"),
    ("required positional argument", "something was called with too few arguments"),
    ("required keyword-only argument", "something was called with too few arguments"),
    ("multiple values for argument", "something was called with one and the same argument twice"),
    ("unexpected keyword argument", "something was called with an argument that it does not have"),
    ("arg is an empty sequence", _EMPTY),
    ("argument is empty", _EMPTY),
    ("invalid literal for int", _NO_NUMBER),
    ("could not convert string to float", _NO_NUMBER),
    ("object is not callable", "what is called there is no function"),
    ("object is not iterable", "what is gone through there has no items"),
    ("object is not subscriptable", "what stands before the bracket has no items"),
    ("asynchronous context manager protocol", "what stands after `async with` cannot be used so"),
    ("context manager protocol", "what stands after `with` cannot be used so"),
    ("'async for' requires", "what stands after `async for` cannot be used so"),
    ("unsupported operand type", _TOGETHER),
    ("can only concatenate", _TOGETHER),
    ("sequence item", "`join` puts texts together, and something else was among them"),
    (
        "not supported between instances",
        "two values were compared of which neither is the greater: they are of other types",
    ),
    ("unhashable type", "a list, set or dict was to be a key or in a set, and cannot be there because it can change"),
    ("not in list", "an item was looked for that the list does not have"),
    ("cannot access local variable", "a name of this function was read before it had a value"),
    ("to unpack", "there were more values than names for them, or fewer"),
)
_NOT_FOR_GATHER = ("unhashable type", "a coroutine or an awaitable is required")
_NOT_ALLOWED = "that is not allowed here; what the exercise gives you can be read, and nothing else is needed"
_TYPES = {
    "ZeroDivisionError": "a number was divided by zero",
    "IndexError": "an item was asked for that the sequence does not have",
    "MemoryError": "more memory was asked for than a program has here; keep less at a time, or find what grows without end",
    "JSONDecodeError": "what was to be read as JSON is not JSON",
    "CancelledError": "what was awaited there was cancelled before it was done, so there is no result",
    "QueueEmpty": "nothing was on the queue; `await queue.get()` waits until something is",
    "QueueFull": "there was no room on the queue; `await queue.put(...)` waits until there is",
    "FileNotFoundError": "there is no file of that name here; the exercise gives you what you need",
    "PermissionError": _NOT_ALLOWED,
    "UnicodeDecodeError": "bytes were read as text that they are not",
    "SystemExit": "that ends the whole program; let your function return instead",
}
_CALLS_ITSELF = "a function called itself without end; it needs a case in which it comes back without a further call"
_HOLDS_ITSELF = "calls stood too deep inside one another there: something calls itself, or holds itself, without end"
_NO_SECONDS = "`sleep` takes a number of seconds, and what it was given is no number"
_COMPARING = frozenset({"min", "max", "sorted", "sort"})
_TIME_IS_UP = "the time that was given for it was over, so what was awaited there was cancelled"


def explained(failure: Failure, view: View) -> str:
    """What the exception is about, in the learner's own words or the exercise's where those are at hand."""
    source = view.source.of(failure.file)
    if refused_call(failure, source) is not None:
        return failure.message
    failure = completed(failure, source)
    if _of_an_operation(failure, view.record.ledger.rows):
        return _quoted(failure)
    said = (
        of_own_files(failure, view)
        or _about(failure, alone=view.module is None)
        or _asserted(failure, source)
        or _meaning(failure, source)
    )
    return said or _own_words(failure, source)


def _about(failure: Failure, *, alone: bool) -> str:
    """`alone`: whether the learner's file is played without any other of theirs."""
    about = failure.about
    if failure.type == "AttributeError" and about and "." in about:
        owner, _, attribute = about.rpartition(".")
        of_module = _MODULES.search(failure.message)
        if owner == "module" and of_module is not None:
            return f"`{of_module[1]}` has no `{attribute}`"
        return f"{'None' if owner == 'NoneType' else article(owner)} has no `{attribute}`"
    if failure.type in _UNKNOWN_NAME and about:
        return f"the name `{about}` is not known at this point"
    if failure.type == "ImportError" and about and "." in about:
        module, _, name = about.rpartition(".")
        return f"`{module}` has no `{name}` to import"
    if failure.type in _IMPORTS and about:
        missing = alone and failure.type == "ModuleNotFoundError" and _is_no_part_of_python(about)
        return f"`{about}` cannot be imported{f': {_BY_ITSELF}' if missing else ''}"
    if failure.type == "FileNotFoundError" and about:
        return f"there is no file `{about}` here; the exercise gives you what you need"
    return ""


def _is_no_part_of_python(module: str) -> bool:
    return module.partition(".")[0] not in sys.stdlib_module_names


def _asserted(failure: Failure, source: Source) -> str:
    if failure.type != "AssertionError" or not any(isinstance(one, ast.Assert) for one in _statements(failure, source)):
        return ""
    return "this `assert` does not hold" + (f": {steady(failure.message)}" if failure.message else "")


def _meaning(failure: Failure, source: Source) -> str:
    if _raises(failure, source):
        return ""
    if failure.type == "ValueError" and "a coroutine was expected" in failure.message:
        return _FOR_RUN
    if failure.type == "TimeoutError" and not failure.message:
        return _TIME_IS_UP
    if failure.type == "RecursionError":
        return _CALLS_ITSELF if failure.line is None or _calls_its_own(failure, source) else _HOLDS_ITSELF
    # The first thing that gather does with an argument is to look whether it had it before.
    if any(text in failure.message for text in _NOT_FOR_GATHER) and "gather(" in source.line(failure.line):
        return _AMONG_GATHERED if _spreads(failure, source) else _FOR_GATHER
    if awaited := _AWAITED.search(failure.message):
        # since Python 3.12 it is wait_for that awaits what it was given; before it said so in the words of asyncio
        within = "wait_for(" in source.line(failure.line)
        return _NO_AWAITABLE if within else _no_awaitable(awaited[1] or awaited[2])
    if "not supported between instances" in failure.message and _only_sleeps(failure, source):
        return _NO_SECONDS
    if "No usable temporary directory" in failure.message:
        return _NOT_ALLOWED
    for text, meaning in (*_MEANINGS, *loop_errors.MEANINGS):
        if text in failure.message:
            return meaning
    return _TYPES.get(failure.type, "")


def _no_awaitable(type: str) -> str:
    if type in _FUNCTIONS:
        return _NOT_CALLED
    found = "None" if type == "NoneType" else article(type)
    remedy = _INSTEAD.get(type, "an ordinary function is called without `await`")
    return f"{found} stands after `await`, and cannot be awaited; {remedy}"


_EACH = "await each of what is in it, or give them all to gather, with a star in front"
_INSTEAD = dict.fromkeys(("list", "tuple", "set", "dict", "generator", "map"), _EACH) | {
    "async_generator": "go through it with `async for`"
}


# ---------------------------------------------------------------- quoting


def _quoted(failure: Failure) -> str:
    return steady(f"{failure.type}: {failure.message}")


def _own_words(failure: Failure, source: Source) -> str:
    """`Type: message` where the message is the learner's own, or a key: the interpreter's own differ."""
    own = _raises(failure, source) or defines(source, failure.type) or _names_a_key(failure)
    return _quoted(failure) if failure.message and own else ""


def _of_an_operation(failure: Failure, rows: Iterable[Row]) -> bool:
    """Whether it is what an operation of the exercise failed with."""
    return any(row.error == f"{failure.type}: {failure.message}" for row in rows) and bool(failure.message)


def _raises(failure: Failure, source: Source) -> bool:
    """Whether the line is a `raise` of the learner's own that makes an exception of this very type."""
    return any(
        isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _last_name(node.exc.func) == failure.type
        for node in _statements(failure, source)
    )


def _calls_its_own(failure: Failure, source: Source) -> bool:
    """Whether in the failure's line a function is called that the file has."""
    functions = {node.name for node in source.names.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    calls = (node for one in _statements(failure, source) for node in ast.walk(one) if isinstance(node, ast.Call))
    return any(_last_name(call.func) in functions for call in calls if call.lineno == failure.line)


def _spreads(failure: Failure, source: Source) -> bool:
    """Whether the gather of the failure's line has its star already."""
    calls = (node for one in _statements(failure, source) for node in ast.walk(one) if isinstance(node, ast.Call))
    gathers = [call for call in calls if _last_name(call.func) == "gather"]
    return any(isinstance(argument, ast.Starred) for call in gathers for argument in call.args)


def _last_name(node: ast.expr) -> str:
    """Not as text: what stands inside one another very often cannot be written out."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _only_sleeps(failure: Failure, source: Source) -> bool:
    """Whether in the failure's line something sleeps, and nothing compares: then it is the time that was compared."""
    nodes = (node for one in _statements(failure, source) for node in ast.walk(one))
    there = [node for node in nodes if isinstance(node, ast.expr) and node.lineno == failure.line]
    called = {_last_name(node.func) for node in there if isinstance(node, ast.Call)}
    return (
        "sleep" in called and called.isdisjoint(_COMPARING) and not any(isinstance(one, ast.Compare) for one in there)
    )


def _statements(failure: Failure, source: Source) -> Iterator[ast.stmt]:
    """The statements that the failure's line is a part of."""
    line = failure.line
    if source.tree is None or line is None:
        return
    for node in source.names.nodes:
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            yield node


def _names_a_key(failure: Failure) -> bool:
    try:
        return failure.type == "KeyError" and ast.literal_eval(failure.message) is not None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
