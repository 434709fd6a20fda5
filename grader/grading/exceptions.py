"""Exceptions in plain words: what happened, never in wording that differs between versions of Python.

A title names only types that anybody may know, because titles are shown for hidden cases too; values stand in details.
"""

import ast
import builtins
from collections.abc import Iterable

from grader.checks import Source
from grader.checks.words import article, steady
from grader.referee.ledger import Row
from grader.referee.outcome import Failure

_ASYNCIO = frozenset({"CancelledError", "InvalidStateError", "QueueEmpty", "QueueFull", "BrokenBarrierError"})
_UNKNOWN_NAME = ("NameError", "UnboundLocalError")
_IMPORTS = ("ImportError", "ModuleNotFoundError")
_NO_AWAITABLE = "what is given to `await` or asyncio there cannot be awaited; give coroutines or tasks, each by itself"
_RESULT_FIRST = "a coroutine or a task was used where its result is needed; await it first"
_EMPTY = "the smallest or the greatest of nothing was asked for"
_NO_NUMBER = "a text was to be read as a number, and is none"
# What Python says, in whatever version, and what it means; a known type alone where its messages differ.
_MEANINGS = (
    ("await wasn't used with future", "a task or future was used where its result is needed; await it first"),
    ("already awaited", "a coroutine was awaited twice; each call makes a coroutine that runs once"),
    ("being awaited already", "a coroutine was awaited twice; each call makes a coroutine that runs once"),
    ("from a running event loop", "a loop is running already; inside a coroutine, await instead"),
    ("loop is already running", "a loop is running already; inside a coroutine, await instead"),
    ("while another loop is running", "a loop is running already; inside a coroutine, await instead"),
    ("no running event loop", "no loop is running here; a task can only be made inside a coroutine"),
    ("Task got bad yield", _NO_AWAITABLE),
    ("a coroutine or an awaitable is required", _NO_AWAITABLE),
    ("a coroutine was expected", _NO_AWAITABLE),
    ("Passing coroutines is forbidden", "asyncio.wait takes tasks; make a task of each coroutine first"),
    ("can't be used in 'await' expression", _NO_AWAITABLE),
    ("can't be awaited", _NO_AWAITABLE),
    ("Result is not set", "the result was asked for before it was there; await the task instead"),
    ("Exception is not set", "the exception was asked for before the task was done; await the task instead"),
    ("coroutine' object", _RESULT_FIRST),
    ("type 'coroutine'", _RESULT_FIRST),
    ("non-iterable coroutine", _RESULT_FIRST),
    ("'coroutine' and", _RESULT_FIRST),
    ("and 'coroutine'", _RESULT_FIRST),
    ("Task' object", _RESULT_FIRST),
    (
        "async_generator' object",
        "an async generator was used where its values are needed; go through it with `async for`",
    ),
    ("required positional argument", "something was called with too few arguments"),
    ("required keyword-only argument", "something was called with too few arguments"),
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
    ("unsupported operand type", "two values were put together that do not go together"),
    ("to unpack", "there were more values than names for them, or fewer"),
)
_TYPES = {
    "ZeroDivisionError": "a number was divided by zero",
    "IndexError": "an item was asked for that the sequence does not have",
    "RecursionError": "a function called itself without end",
    "JSONDecodeError": "what was to be read as JSON is not JSON",
}


def known_name(failure: Failure, source: Source) -> str:
    """The nearest type among the exception's bases that is Python's own or stands in the learner's file."""
    for name in (failure.type, *failure.bases):
        if name in _ASYNCIO or isinstance(getattr(builtins, name, None), type) or f"class {name}" in source.text:
            return name
    return "an exception"


def explained(failure: Failure, source: Source, rows: Iterable[Row] = ()) -> str:
    """What the exception is about; `rows` are what happened in its run."""
    return _about(failure) or _meaning(failure, source) or _quoted(failure, source, rows)


def _about(failure: Failure) -> str:
    about = failure.about
    if failure.type == "AttributeError" and about and "." in about:
        owner, _, attribute = about.rpartition(".")
        return f"{'None' if owner == 'NoneType' else article(owner)} has no `{attribute}`"
    if failure.type in _UNKNOWN_NAME and about:
        return f"the name `{about}` is not known at this point"
    if failure.type == "ImportError" and about and "." in about:
        module, _, name = about.rpartition(".")
        return f"`{module}` has no `{name}` to import"
    if failure.type in _IMPORTS and about:
        return f"`{about}` cannot be imported"
    return ""


def _meaning(failure: Failure, source: Source) -> str:
    if _raises(failure, source):
        return ""
    # The first thing that gather does with an argument is to look whether it had it before.
    if "unhashable type" in failure.message and "gather(" in source.line(failure.line):
        return _NO_AWAITABLE
    for text, meaning in _MEANINGS:
        if text in failure.message:
            return meaning
    return _TYPES.get(failure.type, "")


# ---------------------------------------------------------------- quoting


def _quoted(failure: Failure, source: Source, rows: Iterable[Row]) -> str:
    """`Type: message` where the message is the learner's own, or the exercise's, or a key: the interpreter's own differ."""
    said = f"{failure.type}: {failure.message}"
    if not failure.message or not (
        _raises(failure, source) or any(row.error == said for row in rows) or _names_a_key(failure)
    ):
        return ""
    return steady(said)


def _raises(failure: Failure, source: Source) -> bool:
    """Whether the line is a `raise` of the learner's own that makes an exception of this very type."""
    if source.tree is None or failure.line is None:
        return False
    return any(
        isinstance(node, ast.Raise)
        and node.lineno <= (failure.line or 0) <= (node.end_lineno or 0)
        and isinstance(node.exc, ast.Call)
        and ast.unparse(node.exc.func).rpartition(".")[2] == failure.type
        for node in ast.walk(source.tree)
    )


def _names_a_key(failure: Failure) -> bool:
    try:
        return failure.type == "KeyError" and ast.literal_eval(failure.message) is not None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


# ---------------------------------------------------------------- text that is no Python


def explained_syntax(failure: Failure, line: str) -> str:
    """Why text is not Python; `line` is where Python stopped reading."""
    if failure.type == "UnicodeDecodeError":
        return "it holds bytes that are not text in UTF-8; save it as UTF-8"
    if failure.type == "NulByte":
        return "there is a NUL byte in this line, which no program can hold; save the file as plain text, in UTF-8"
    if failure.type in ("IndentationError", "TabError"):
        return "the indentation of this line does not fit the lines around it"
    if "yield from" in line:
        return "`yield from` cannot stand in `async def`; write `await`"
    if "await" in line:
        return "a bracket, quote or colon may be missing here or above; and `await` may stand only inside `async def`"
    return "a bracket, a quote or a colon may be missing, in this line or in the one above"
