"""What a function of the learner's own earlier file brings about where it is called: a TypeError, which function it is and how
it is written; or that it is not written yet. Only what stands in that file is said; it is read, and not guessed at.
"""

import ast
import re
from collections.abc import Iterator

from grader.checks import Source, View
from grader.grading.parameters import parameters
from grader.grading.places import at
from grader.referee.outcome import Failure
from grader.verdict import Fault

_CALLED = re.compile(r"(?:.*\.)?(\w+)\(\) (?:takes|missing|got) ")  # how Python begins where arguments do not fit
_GIVEN = re.compile(r"but (\d+) (?:was|were) given")
_UNKNOWN = re.compile(r"unexpected keyword argument '(\w+)'")
_NOT_TO_BE_AWAITED = (
    "can't be used in 'await' expression",
    "can't be awaited",
    "a coroutine or an awaitable is required",
    "a coroutine was expected",
    "unhashable type",
    "'async for' requires",
)
_WRITE = "what you hand in here uses it: write it there, in the file of its own exercise"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def of_own_files(failure: Failure, view: View) -> str:
    """In words; empty where no such function is seen to have to do with it."""
    if failure.type != "TypeError" or failure.line is None or not view.theirs:
        return ""
    called = _CALLED.match(failure.message)
    if called is not None:
        return next((_takes(*each, failure.message) for each in _written(view, called[1], failure.file)), "")
    if not any(words in failure.message for words in _NOT_TO_BE_AWAITED):
        return ""
    names = _called_in(view.source.of(failure.file), failure.line)
    return next((said for name in names for each in _written(view, name, failure.file) if (said := _plain(*each))), "")


def not_written(failure: Failure, view: View, afterwards: str = "") -> Fault | None:
    """Where a function of such a file is still as it was handed out: it raises NotImplementedError, and says no more."""
    file = failure.file or ""
    if (failure.type, failure.message) != ("NotImplementedError", "") or failure.function is None:
        return None
    if file.removesuffix(".py") not in view.theirs:
        return None
    title = f"`{failure.function}` of your own `{file}` is not written yet"
    return at(view, title, "; ".join(filter(None, [_WRITE, afterwards])), failure.line, file)


def _written(
    view: View, name: str, but: str | None
) -> Iterator[tuple[str, Source, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The functions of this name at the top of their earlier files, each the last one in its file, `but` in one of these."""
    for file in (f"{module}.py" for module in sorted(view.theirs)):
        source = view.source.of(file)
        if file == but or source is view.source or source.tree is None:
            continue
        found = [node for node in source.tree.body if isinstance(node, Function) and node.name == name]
        if found:
            yield file, source, found[-1]


def _takes(file: str, source: Source, node: Function, message: str) -> str:
    taken, given, unknown = parameters(source, node.name), _GIVEN.search(message), _UNKNOWN.search(message)
    place = f"`{node.name}` in line {node.lineno} of your `{file}`"
    if unknown is not None:
        return f"{place} has no argument `{unknown[1]}`, and was called with one"
    if taken is None or (given is not None and taken.fits(int(given[1]))):
        return f"{place} is called otherwise than it is written"
    says = str(taken).removeprefix("yours ").replace("takes none", "takes no argument")
    return f"{place} {says}" + (f", and was called with {given[1]}" if given is not None else "")


def _plain(file: str, source: Source, node: Function) -> str:
    if isinstance(node, ast.AsyncFunctionDef):
        return ""
    place = f"`{node.name}` in line {node.lineno} of your `{file}`"
    return f"{place} is an ordinary function (`def`), and no coroutine function (`async def`)"


def _called_in(source: Source, line: int) -> list[str]:
    """The last parts of the names of what is called in that line, whatever it was imported as."""
    calls = [node for node in source.names.nodes if isinstance(node, ast.Call) and _stands_in(node, line)]
    return [name.rpartition(".")[2] for call in calls for name in source.names.resolve(call.func)]


def _stands_in(node: ast.Call, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)
