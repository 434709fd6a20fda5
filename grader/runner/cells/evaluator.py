"""A cell run statement by statement, and what became of it, told by what the cells have no name for.

Cells share a process with this, so it is used as a copy that `apart` makes before the first of them runs, and that a cell was
run to its end is known by having done so, whatever becomes of the loops and futures in between.
Who goes through the frames that run, or through all objects that there are, reaches it still, as in a kernel.
"""

import __future__

import ast
import sys
import warnings
from _ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

_settrace, _setprofile, _EXPRESSION = sys.settrace, sys.setprofile, ast.Expr
_LATER = __future__.annotations.compiler_flag
_AWAITS = 0x80  # inspect.CO_COROUTINE
_NOT_NOW = ("ignore", None, Warning, None, 0)  # as a filter of warnings
Interactivity = Callable[[], str]


Cell = tuple[bool, Callable[[], Coroutine[Any, Any, None]], Callable[[], tuple[bool, BaseException | None]]]


def evaluator(
    names: dict[str, Any], show: Callable[[Any], object], interactivity: Interactivity
) -> Callable[[str, str], Cell]:
    """Of (text, file name) a cell that is to be run with `names`, and whose values `show` gets: whether it awaits outside of
    functions; what is to be awaited, so that it is run; and what then tells whether all of it was, and what it raised.
    """
    expression, module = ast.Expression(ast.Constant(None)), ast.Module([], [])
    flags = PyCF_ALLOW_TOP_LEVEL_AWAIT

    def cell(text: str, file: str) -> Cell:
        done = False
        error: BaseException | None = None

        async def statement(node: ast.stmt) -> None:
            nonlocal flags
            module.body = [node]
            code = compile(module, file, "exec", flags, dont_inherit=True)
            flags |= code.co_flags & _LATER
            if code.co_flags & _AWAITS:
                await eval(code, names)
            else:
                exec(code, names)

        async def value_of(node: ast.expr) -> Any:
            expression.body = node
            code = compile(expression, file, "eval", flags, dont_inherit=True)
            return await eval(code, names) if code.co_flags & _AWAITS else eval(code, names)

        async def all_of_it() -> None:
            tree: Any = compile(text, file, "exec", ast.PyCF_ONLY_AST | flags, dont_inherit=True)
            quiet = bool(tree.body) and _is_quiet(text, tree.body[-1])
            for node, shown in _shown(tree.body, interactivity()):
                if not shown:
                    await statement(node)
                    continue
                value = await value_of(node.value)
                if value is not None and not quiet:
                    show(value)

        async def run() -> None:
            nonlocal done, error
            try:
                _settrace(None)
                _setprofile(None)
                await all_of_it()
                done = True
            except BaseException as raised:
                error = raised
                raise

        def ended() -> tuple[bool, BaseException | None]:
            nonlocal error
            found, error = (done, error), None
            return found

        return _awaits(text, file), run, ended

    return cell


def _shown(nodes: Sequence[Any], interactivity: str) -> Iterator[tuple[Any, bool]]:
    """Each statement, and whether its value is shown: the last one's, unless the shell was told otherwise."""
    for at, node in enumerate(nodes):
        wanted = interactivity == "all" or (at == len(nodes) - 1 and interactivity != "none")
        yield node, wanted and type(node) is _EXPRESSION


def _awaits(text: str, file: str) -> bool:
    """Whether it awaits anywhere outside of functions, as IPython asks before it runs a cell."""
    filters: Any = warnings.filters
    filters.insert(0, _NOT_NOW)  # and nobody is told, else each module would warn anew
    try:
        code = compile(text, file, "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    finally:
        filters.remove(_NOT_NOW)
    return bool(code.co_flags & _AWAITS)


def _is_quiet(text: str, last: ast.stmt) -> bool:
    """Whether a cell ends in a semicolon, by which its value is not shown."""
    line = text.split("\n")[(last.end_lineno or 1) - 1].encode("utf-8", "surrogatepass")
    return line[last.end_col_offset :].lstrip().startswith(b";")
