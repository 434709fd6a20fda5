"""Exceptions in plain words: what happened, never in wording that differs between versions of Python.

A title names only types that anybody may know, because titles are shown for hidden cases too; values stand in details.
"""

import builtins

from grader.checks import Source
from grader.referee.outcome import Failure

_ASYNCIO = frozenset({"CancelledError", "InvalidStateError", "QueueEmpty", "QueueFull", "BrokenBarrierError"})
_UNKNOWN_NAME = ("NameError", "UnboundLocalError")
_IMPORTS = ("ImportError", "ModuleNotFoundError")
# What Python says, in every version that is supported, and what it means.
_MEANINGS = (
    ("await wasn't used with future", "a task or future was used where its result is needed; await it first"),
    ("already awaited", "a coroutine was awaited twice; each call makes a coroutine that runs once"),
    ("being awaited already", "a coroutine was awaited twice; each call makes a coroutine that runs once"),
    ("from a running event loop", "a loop is running already; inside a coroutine, await instead"),
    ("no running event loop", "no loop is running here; a task can only be made inside a coroutine"),
    ("can't be used in 'await' expression", "what stands after `await` cannot be awaited"),
    ("Result is not set", "the result was asked for before it was there; await the task instead"),
)


def known_name(failure: Failure, source: Source) -> str:
    """The nearest type among the exception's bases that is Python's own or stands in the learner's file."""
    for name in (failure.type, *failure.bases):
        if name in _ASYNCIO or isinstance(getattr(builtins, name, None), type) or f"class {name}" in source.text:
            return name
    return "an exception"


def explained(failure: Failure) -> str:
    """What the exception is about."""
    about = failure.about
    if failure.type == "AttributeError" and about and "." in about:
        owner, _, attribute = about.rpartition(".")
        return f"{'None' if owner == 'NoneType' else f'a {owner}'} has no `{attribute}`"
    if failure.type in _UNKNOWN_NAME and about:
        return f"the name `{about}` is not known at this point"
    if failure.type == "ImportError" and about and "." in about:
        module, _, name = about.rpartition(".")
        return f"`{module}` has no `{name}` to import"
    if failure.type in _IMPORTS and about:
        return f"`{about}` cannot be imported"
    for text, meaning in _MEANINGS:
        if text in failure.message:
            return meaning
    return f"{failure.type}: {failure.message}" if failure.message else ""


def explained_syntax(failure: Failure, line: str) -> str:
    """Why text is not Python; `line` is where Python stopped reading."""
    if failure.type == "UnicodeDecodeError":
        return "it holds bytes that are not text in UTF-8; save it as UTF-8"
    if failure.type in ("IndentationError", "TabError"):
        return "the indentation of this line does not fit the lines around it"
    if "yield from" in line:
        return "`yield from` cannot stand in `async def`; write `await`"
    if "await" in line:
        return "a bracket, quote or colon may be missing here or above; and `await` may stand only inside `async def`"
    return "a bracket, a quote or a colon may be missing, in this line or in the one above"
