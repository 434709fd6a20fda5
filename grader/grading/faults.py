"""Why there is no result, in plain words and with the learner's own line: the first cause, above all else.

Where a task of the learner's failed first, that is the cause, whatever the rest of the program did afterwards.
"""

import ast
from collections.abc import Iterator
from itertools import chain

from msgspec.structs import replace

from grader.checks import Source, View
from grader.checks.failures import completed, failures, known_name, refused_call
from grader.checks.main_block import never_done
from grader.checks.words import article, in_line, shorten
from grader.course.model import Entry, Limits
from grader.course.nearest import nearest
from grader.door.messages import EXIT_CALLS, SLEEPS
from grader.grading import import_phase, loop_errors
from grader.grading.beside import beside, is_stuck, waits
from grader.grading.exceptions import explained
from grader.grading.imports import cause, not_handed_in, of_function
from grader.grading.own_files import not_written
from grader.grading.parameters import parameters
from grader.grading.places import at, first_waiting, whose
from grader.grading.syntax import escape_line, explained_syntax, header_line, is_too_deep
from grader.referee.outcome import Failure
from grader.verdict import Fault

_STUCK = {
    "deadlock": "after that your function waited for ever",
    "livelock": "after that your program went round and round while time stood still",
    "busy_loop": "after that your program ran on without ever waiting",
    "virtual_limit": "after that your program went on beyond a limit",
    "time_out": "after that your program was not done in time",
}
_HUNG = {
    "deadlock": "waits for something that can never come",
    "livelock": "goes round and round while time stands still",
}
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_KINDS = {
    "coroutine": "a coroutine function, `async def`",
    "function": "an ordinary function, `def`",
    "async_generator": "an async generator, an `async def` with `yield`",
    "function_in_loop": "an ordinary function, `def` without `async`",
}
_THINGS = {
    "task": "a Task",
    "future": "a Future",
    "coroutine": "a coroutine",
    "awaitable": "something to be awaited",
    "value": "a plain value",
}
_GAVE = "returns "  # what the run says of a function of the right kind that gave back the wrong one
# What to give back instead of a value that is none of these things.
_RETURN = {
    "task": "return what `asyncio.create_task(...)` gives",
    "future": "return a Future of asyncio's, or the task that `asyncio.create_task(...)` gives",
    "coroutine": "return what the call of a coroutine function gives, and do not await it there",
}
_OF_A_THREAD = "concurrent.futures.Future"
# What the run says of a function of another kind.
_FOUND = {
    "coroutine": "a coroutine function, `async def` without `yield`",
    "function": "an ordinary function, `def` without `async`",
    "generator": "a generator, a `def` with `yield`",
    "async_generator": "an async generator, an `async def` with `yield`",
    "coroutine object": "what a call of a coroutine function gives back: name the function itself, without the brackets",
    "async_generator object": "what a call of an async generator gives back: name the function itself, without the brackets",
    "generator object": "what a call of a generator gives back: name the function itself, without the brackets",
    "None": "`None`",
}
_BEYOND = {
    "operations": "your program began more than {:g} operations",
    "tasks": "your program made more than {:g} tasks",
    "virtual_seconds": "your program went on for more than {:g} s of virtual time",
}
_MOST_NOTES = 3
_DEBUGGER = ("call:breakpoint", "call:pdb.set_trace")


def fault_of(view: View, entry: Entry, call: str, limits: Limits, *, expected: bool) -> Fault | None:
    """None where there is a result, or where the exception is the one that was `expected`.

    `call`: how the exercise calls the entry; `limits` may have gaps.
    """
    outcome = view.record.outcome
    if outcome.kind == "result" or (outcome.kind == "raised" and expected):
        return None
    stop = _debugged(view)
    if stop is not None:
        return stop
    if outcome.kind in _ON_THE_WAY_IN:
        return _ON_THE_WAY_IN[outcome.kind](view)
    if outcome.kind == "missing":
        return _missing(view)
    if outcome.kind == "wrong_kind":
        return _wrong_kind(view, entry)
    first = view.record.facts.first_failure
    if outcome.kind == "raised" and _is_stub(outcome.failure, view.case.entry):
        return _unwritten(outcome.failure, view)
    if outcome.kind == "raised":
        failure = outcome.failure or Failure("an exception", "", None)
        return _called_otherwise(failure, entry, call, view) or _raised(failure, first, view)
    if first is not None and outcome.kind in _STUCK:
        return _of_task(first, _STUCK[outcome.kind], view)
    return _stuck(view, limits)


def notes_of(view: View) -> tuple[str, ...]:
    """What was refused, or stopped in a notebook, and is not what the run ended with.

    A program that goes on may never say why it came to nothing.
    """
    return (*_notes_of_cells(view), *_refusals(view))


def _refusals(view: View) -> tuple[str, ...]:
    if not view.record.facts.refused:
        return ()
    ends = failures(view)
    if any(refused_call(failure, view.source) is not None for failure in ends):
        return ()
    places = dict.fromkeys((place.name, place.line) for place in view.record.facts.refused)
    return tuple(
        f"`{call}` was refused{in_line(line)}: an exercise on virtual time does not have it; use what the exercise gives you"
        for call, line in list(places)[:_MOST_NOTES]
    )


def _debugged(view: View) -> Fault | None:
    """A debugger that nobody sits at ends the program as if it had been told to quit."""
    seen = (view.record.outcome.failure, view.record.facts.first_failure)
    if not any(failure is not None and failure.type == "BdbQuit" for failure in seen):
        return None
    lines = sorted(line for pattern in _DEBUGGER for line in view.source.places(pattern))
    return Fault(
        title="there is a `breakpoint()` in your file",
        detail="the program stops there for a debugger; remove it before you hand it in",
        line=lines[0] if lines else None,
        source_line=view.source.line(lines[0]) if lines else "",
    )


# ---------------------------------------------------------------- exceptions


def _is_stub(failure: Failure | None, entry: str) -> bool:
    return failure is not None and (failure.type, failure.message, failure.function) == (
        "NotImplementedError",
        "",
        entry,
    )


def _unwritten(failure: Failure | None, view: View) -> Fault:
    line = failure.line if failure else None
    return Fault(title=f"`{view.case.entry}` is not written yet", line=line, source_line=view.source.line(line))


def _called_otherwise(failure: Failure, entry: Entry, call: str, view: View) -> Fault | None:
    """The entry was never entered, because it does not take what the exercise calls it with."""
    if failure.type != "TypeError" or failure.line is not None or view.record.facts.tasks:
        return None
    taken = parameters(view.source, view.case.entry)
    if taken is None or taken.fits(len(entry.args)):
        return None
    given = "1 argument" if len(entry.args) == 1 else f"{len(entry.args)} arguments"
    return Fault(
        title=f"`{view.case.entry}` cannot be called as the exercise calls it",
        detail=f"it is called as {call}, with {given}; {taken}",
        line=taken.line,
        source_line=view.source.line(taken.line),
    )


def _raised(failure: Failure, first: Failure | None, view: View) -> Fault:
    if first is not None and (first.type, first.line, first.file) != (failure.type, failure.line, failure.file):
        same = (first.type, first.message) == (failure.type, failure.message)
        name = "it came out of your function" if same else f"after that your function raised {_name(failure, view)}"
        return _of_task(first, f"{name}{in_line(failure.line, failure.file)}", view)
    return _fault(f"your function raised {_name(failure, view)}{_in_earlier(failure)}", failure, view)


def _of_task(failure: Failure, afterwards: str, view: View) -> Fault:
    return _fault(
        f"a task of yours failed with {_name(failure, view)}{_in_earlier(failure)}", failure, view, afterwards
    )


def _fault(title: str, failure: Failure, view: View, afterwards: str = "") -> Fault:
    """What was refused, and a file that was not handed in or not written, has a title of its own, whoever met it."""
    missing = not_handed_in(failure, view, afterwards) or not_written(failure, view, afterwards)
    if missing is not None:
        return missing
    call = refused_call(failure, view.source)
    if call is not None:
        title = f"`{call}` cannot be used in an exercise" if call else "your program was refused what it asked for"
        title += f" ({in_line(failure.line, failure.file).strip()})" if failure.file is not None else ""
    said = (of_function(failure, view) or explained(failure, view), afterwards)
    line = loop_errors.line_of(failure, view.source.of(failure.file))
    return at(view, title, "; ".join(part for part in said if part), line, failure.file)


def _in_earlier(failure: Failure) -> str:
    """Where the cause is in no line of the file that is graded."""
    return in_line(failure.line, failure.file) if failure.file is not None else ""


def _name(failure: Failure, view: View) -> str:
    return known_name(failure, view.source, view.record.ledger.rows)


# ---------------------------------------------------------------- the file


def _import(view: View) -> Fault:
    source = view.source
    if source.cells:
        return _cell(view)
    failure = source.error or completed(view.record.outcome.failure or Failure("an exception", "", None), source)
    if failure.type == "TooLong":
        return Fault(
            title="your file is too long to be read",
            detail=f"{failure.message}; leave out what the exercise does not need",
        )
    file = failure.file
    if not _is_unread(failure, source):
        stopped = f"{whose(file)} stopped with {_name(failure, view)} while it was being loaded"
        return cause(failure, view) or _fault(stopped, failure, view)
    if failure.type == "MemoryError" and source.of(file).tree is not None:  # so it is not its levels
        title = f"{whose(file)} needs more memory to be read than a program has here"
        return Fault(title=title, detail="leave out what the exercise does not need")
    # Only our own reading of the text is looked at where it fails: its line does not depend on where the file was run.
    number = header_line(failure) or escape_line(failure, source.of(file).text) or failure.line
    line = source.of(file).line(number) or failure.about or ""
    place = number if source.error is failure or not is_too_deep(failure) else None  # no two compilers agree there
    found = at(view, f"{whose(file)} is not valid Python yet", explained_syntax(failure, line), place, file)
    return replace(found, source_line="" if place is None else line)


def _cell(view: View) -> Fault:
    """Without a cell of the notebook there is nothing to enter."""
    source, entry = view.source, view.case.entry
    failure = completed(view.record.outcome.failure or Failure("an exception", "", None), source)
    if failure.type in _HUNG:
        title, line = f"a cell {_HUNG[failure.type]}, and no other has `{entry}`", source.line(failure.line)
        return Fault(title=title, line=failure.line, source_line=line)
    if not _is_unread(failure, source):
        return _fault(f"a cell stopped with {_name(failure, view)}, and no other has `{entry}`", failure, view)
    line = source.line(failure.line) or failure.about or ""
    title = f"a cell is not valid Python yet, and no other has `{entry}`"
    return Fault(title=title, detail=explained_syntax(failure, line), line=failure.line, source_line=line)


def _notes_of_cells(view: View) -> Iterator[str]:
    """Cells that were stopped, where the others have the entry."""
    if view.record.outcome.kind == "import":
        return
    for failure in view.record.facts.failed_cells[:_MOST_NOTES]:
        said = _end_of_cell(completed(failure, view.source), view)
        yield f"a cell of your notebook {said}; what the others define was used"


def _end_of_cell(failure: Failure, view: View) -> str:
    place = in_line(failure.line)
    if failure.type in _HUNG:
        return f"{_HUNG[failure.type]}{place}"
    if _is_unread(failure, view.source):
        return f"is not valid Python yet{place}"
    name = _name(failure, view)
    why = explained(failure, view).removeprefix(f"{name}: ")
    return f"stopped with {name}{place}" + (f" ({why})" if why else "")


def _is_unread(failure: Failure, source: Source) -> bool:
    """Whether the text itself is at fault: what comes up while the file runs has a function where it did."""
    return failure is source.error or (
        failure.function is None and (failure.type in _SYNTAX or (failure.line is None and is_too_deep(failure)))
    )


def _empty(view: View) -> Fault:
    return Fault(title="your file is empty", detail=f"it has to hold the function `{view.case.entry}`")


_ON_THE_WAY_IN = {"import": _import, "empty": _empty, **import_phase.ENDS}


_NAMED = 20  # functions; more are not read
_DEFS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _in_main(source: Source) -> Iterator[ast.stmt]:
    return iter(()) if source.tree is None else never_done(source.tree.body)


def _missing(view: View) -> Fault:
    name, functions = view.case.entry, view.source.functions()
    near = nearest(name, functions)
    if any(isinstance(node, _DEFS) and node.name == name for node in _in_main(view.source)):
        detail = 'it stands under `if __name__ == "__main__":`, which is not run here; move it out of there'
    elif near == name:
        detail = (
            "it is written there, but is gone when the file has run: it is deleted again, or stands under a condition"
        )
    elif near is not None:
        detail = f"it has `{near}`: is that the one?"
    elif functions:
        more = f" and {len(functions) - _NAMED:,} more" if len(functions) > _NAMED else ""
        detail = f"it has {', '.join(f'`{shorten(function)}`' for function in functions[:_NAMED])}{more}"
    else:
        detail = "it has no function at all"
    return Fault(title=f"there is no `{name}` in your file", detail=detail)


def _wrong_kind(view: View, entry: Entry) -> Fault:
    name, found = view.case.entry, view.record.outcome.detail
    if found.startswith(_GAVE) and entry.returns is not None:
        title = f"`{name}` has to return {_THINGS[entry.returns]}"
        detail = _gave(found.removeprefix(_GAVE), entry.returns)
    else:
        title = f"`{name}` has to be {_KINDS[entry.kind]}"
        detail = f"in your file it is {_FOUND.get(found) or article(found)}" if found else ""
    kinds = *(view.source.places(f"{kind}:{name}") for kind in ("def", "async_def")), _classes(view.source, name)
    line = max(chain(*kinds), default=None)
    return Fault(
        title=title,
        detail=detail,
        line=line,
        source_line=view.source.line(line),
    )


def _gave(found: str, asked: str) -> str:
    """What it gave back; of a value also what that is, and what is asked for."""
    thing, _, named = found.partition(": ")
    if not named:
        return f"yours returns {_THINGS.get(thing, 'something else')}"
    it = {"None": "`None`", _OF_A_THREAD: f"a `{_OF_A_THREAD}`, which is not asyncio's"}.get(named) or article(named)
    remedy = _RETURN.get(asked, "")
    if named == _OF_A_THREAD and asked == "future":
        remedy = "`asyncio.wrap_future` makes a Future of asyncio's of it"
    return f"yours returns {it}" + (f"; {remedy}" if remedy else "")


def _classes(source: Source, name: str) -> tuple[int, ...]:
    body = source.tree.body if source.tree else []
    return tuple(node.lineno for node in body if isinstance(node, ast.ClassDef) and node.name == name)


# ---------------------------------------------------------------- no end


def _stuck(view: View, limits: Limits) -> Fault:
    from grader.run.limits import complete

    outcome, facts = view.record.outcome, view.record.facts
    detail = outcome.detail.replace("_", " ")
    if outcome.kind == "deadlock":
        cause = first_waiting(facts.waiting)
        what = "; ".join(dict.fromkeys(map(waits, facts.waiting))) or detail
        return at(view, "your program waits for something that can never come", what, *cause)
    if outcome.kind == "virtual_limit" and outcome.detail in _BEYOND:
        title = _BEYOND[outcome.detail].format(getattr(complete(limits), outcome.detail))
        seen = (
            beside(facts.waiting) if outcome.detail == "virtual_seconds" else ""
        )  # a child has no last words at the others
        return at(view, title, seen, *_beyond(view))
    if outcome.kind == "virtual_limit" and outcome.detail == SLEEPS:
        title = "your program waits again and again, and never comes to its end"
        what = beside(facts.waiting) or "let the loop end when there is nothing more to wait for"
        return at(view, title, what, *_beyond(view))
    if outcome.kind == "died" and outcome.detail in EXIT_CALLS:
        detail = f"`{outcome.detail}` ends the whole program at once; let your function return instead"
    title = {
        "livelock": "your program goes round and round while time stands still",
        "busy_loop": "your program runs on without ever waiting, so nothing else gets a turn",
        "virtual_limit": "your program went beyond a limit",
        "time_out": "your program was not done in the time that it has",
        "died": "your program ended before your function was done",
    }[outcome.kind]
    spinning = facts.spinning
    if outcome.kind == "time_out" and spinning is not None and spinning.line is not None:
        detail += "; await what the exercise or asyncio gives you, which waits in virtual time"
    return at(view, title, detail, *((None,) if spinning is None else (spinning.line, spinning.file)))


def _beyond(view: View) -> tuple[int | None, str | None]:
    """The line that a limit was met in: the last operation's, the last task's, or the first that was waiting then."""
    record = view.record
    if record.outcome.detail == "operations":
        return next((row.line for row in reversed(record.ledger.rows) if row.origin == "learner"), None), None
    if record.facts.spinning is not None:
        return record.facts.spinning.line, record.facts.spinning.file
    return first_waiting([one for one in record.facts.waiting if is_stuck(one)] or record.facts.waiting)
