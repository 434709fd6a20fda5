"""`check(fn)`, `check_async(fn)`, `%check` and `%%check`: an exercise checked from a kernel, its feedback below the cell.

Nothing of the program or of the grader is run in the kernel itself, whatever its loop is doing; mistakes are one sentence.
"""

import functools
import inspect
import os
import shlex
from asyncio import _get_running_loop
from collections.abc import Generator
from importlib import import_module
from types import CodeType
from typing import Any

from grader.notebooks import session
from grader.notebooks.beside import Stopped, answer_of, awaited_answer_of
from grader.notebooks.session import Shell

_CALLED = "check takes the function itself, and this one was called: leave out the parentheses after its name"
_METHOD = "check takes a function, and {name} is a method here: define it outside of its class, without self"
_LAMBDA = "check takes a function that has a name, and a lambda has none: {instead}"
_PARTIAL = "check takes a function, and this is one with arguments already set, by functools.partial: {instead}"
_DEFINE = (
    "define the function that the exercise asks for, with def and under the name that it has there, and give it that"
)
_AWAITED = "check is over when it returns, and cannot be awaited: leave out 'await', or write 'await check_async(...)'"
_USAGE = "name an exercise: %%check say-after"


class Feedback:
    """What a frontend shows: as a page if it can, as text if it cannot."""

    __slots__ = ("_html", "_text")

    def __init__(self, text: str, html: str):
        self._text, self._html = text, html

    def __repr__(self) -> str:
        return self._text.rstrip("\n")

    def _repr_html_(self) -> str:
        return self._html


class _Over:
    """What is awaited in vain: a check is over when it returns. No frontend shows anything of it."""

    __slots__ = ()

    def _ipython_display_(self) -> None:
        """In place of its repr, below the cell."""

    def __await__(self) -> Generator[Any, Any, None]:
        raise TypeError(_AWAITED)


class _Refused(Exception):
    """Nothing can be checked; the text is the sentence that is shown."""


def check(
    function: Any, exercise: str | None = None, *, course: str | os.PathLike[str] | None = None, hints: int = 1
) -> _Over | None:
    """Checks the exercise that asks for `function`, and shows the feedback.

    `function` is a function that a cell defines, or an exercise's name. `exercise` is needed where several ask for a function
    of that name; `course` where none is found from the present folder upward. `hints`: how many a frontend without HTML shows.
    Returns None, and where a kernel's loop runs what tells who awaits it that it is over.
    Raises KeyboardInterrupt, with nothing left running, where it is interrupted.
    """
    try:
        asked = _asked(function, exercise, course, hints)
    except _Refused as error:
        _show(_plain(str(error)))
    else:
        _checked(asked)
    return _Over() if session.shell() is not None and _loop_runs() else None


def _loop_runs() -> bool:
    """Where none does nobody can await; a terminal's IPython would have a line for what is returned there."""
    return _get_running_loop() is not None


async def check_async(
    function: Any, exercise: str | None = None, *, course: str | os.PathLike[str] | None = None, hints: int = 1
) -> None:
    """The same as `check`, while the kernel's loop goes on with its tasks.

    Raises asyncio.CancelledError, with nothing left running, where it is cancelled; an interrupt does that.
    """
    try:
        asked = _asked(function, exercise, course, hints)
        told = asked.pop("told", "")
        answer = await awaited_answer_of(asked)
    except (_Refused, Stopped) as error:
        return _show(_plain(str(error)))
    return _show(_feedback(answer, told))


def load_ipython_extension(shell: Shell) -> None:
    """`%load_ext grader.notebooks`: `%check` and `%%check`."""
    shell.register_magic_function(lambda line, cell=None: _magic(shell, line, cell), "line_cell", "check")


def offer_magics() -> None:
    """The same in a kernel in which somebody imports `check`, where most people look for no other line."""
    shell = session.shell()
    if shell is not None:
        load_ipython_extension(shell)


def _magic(shell: Shell, line: str, cell: str | None) -> None:
    """`%check EXERCISE [--course PATH]` checks what was run; below `%%check` stands a cell, which is run as any other, too."""
    words = _words(line)
    if words is None:
        return _show(_plain(_USAGE))
    asked: dict[str, Any] = {"exercise": words[0], "course": words[1]}
    if cell is None:
        return _checked(_of_cells(asked, shell))
    number = session.present(shell, cell)
    if not session.run_below(shell, cell, number):
        return None
    asked = _of_cells(asked, shell) | {"present": number}
    asked["cells"] = [*(one for one in asked["cells"] if one[0] != number), [number, f"%%check {line}\n{cell}"]]
    return _checked(asked)


def _words(line: str) -> tuple[str, str | None] | None:
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    course = None
    if "--course" in words[:-1]:
        at = words.index("--course")
        course = words[at + 1]
        del words[at : at + 2]
    return (words[0], course) if len(words) == 1 and not words[0].startswith("-") else None


def _asked(function: Any, exercise: str | None, course: str | os.PathLike[str] | None, hints: int) -> dict[str, Any]:
    said = {"course": None if course is None else os.fspath(course), "hints": hints}
    return _asked_of(function, exercise, session.shell()) | said


def _asked_of(function: Any, exercise: str | None, shell: Shell | None) -> dict[str, Any]:
    if isinstance(function, str):
        return _of_cells({"exercise": function}, shell)
    if inspect.iscoroutine(function):
        function.close()
    if inspect.isawaitable(function):
        raise _Refused(_CALLED)
    if _is_a_method(function):
        raise _Refused(_METHOD.format(name=function.__name__))
    if isinstance(function, functools.partial):
        raise _Refused(_PARTIAL.format(instead=_instead_of_a_partial(function)))
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    if not isinstance(code, CodeType):
        raise _Refused(
            f"check takes a function, or an exercise's name, and this is of type {type(function).__name__!r}"
        )
    name = getattr(function, "__name__", None) or code.co_name
    if name == session.NAMELESS and not (shell is not None and session.known_as(shell, function)):
        raise _Refused(_LAMBDA.format(instead=_instead(code, shell)))
    return _of_function({"function": name, "exercise": exercise}, function, code, shell)


def _instead(code: CodeType, shell: Shell | None) -> str:
    """What was meant, perhaps: a function of the notebook's that it calls."""
    called = [name for name in code.co_names if shell is not None and inspect.isfunction(shell.user_ns.get(name))]
    if called:
        return f"give it the function itself, without lambda and without what it is called with: check({called[-1]})"
    return _DEFINE


def _instead_of_a_partial(partial: "functools.partial[Any]") -> str:
    within = partial.func
    if inspect.isfunction(within) and within.__name__ != session.NAMELESS and not _is_a_method(within):
        return f"give it the function itself, without partial: check({within.__name__})"
    return _DEFINE


def _is_a_method(function: Any) -> bool:
    """Bound, or taken from its class: no exercise asks for one, whatever its name."""
    above = str(getattr(function, "__qualname__", "")).rpartition(".")[0]
    defined_in_class = inspect.isfunction(function) and bool(above) and not above.endswith("<locals>")
    return inspect.ismethod(function) or defined_in_class


def _of_cells(asked: dict[str, Any], shell: Shell | None) -> dict[str, Any]:
    if shell is None:
        raise _Refused(
            "there are no cells here: check(...) takes the function, %check and names of exercises are for Jupyter"
        )
    return asked | {"cells": session.cells(shell), "origins": session.origins(shell)}


def _of_function(asked: dict[str, Any], function: Any, code: CodeType, shell: Shell | None) -> dict[str, Any]:
    """Of a cell's, all cells are sent along; of a file's, the file; of what was typed elsewhere, that."""
    if shell is not None and (number := session.cell_of(shell, code)) is not None:
        found = _of_cells(asked, shell) | {"present": number}
        return (
            found
            if shell.user_ns.get(asked["function"]) is function
            else found | _of_another_name(found, function, shell)
        )
    if os.path.isfile(code.co_filename):
        return asked | {"file": code.co_filename}
    try:
        return asked | {"cells": [[1, inspect.getsource(code)]]}
    except OSError:
        name = asked["function"]
        raise _Refused(
            f"the text of {name} is not at hand: define it in a cell, or in a file that you import"
        ) from None


def _of_another_name(asked: dict[str, Any], function: Any, shell: Shell) -> dict[str, Any]:
    """This very function and no other, whatever stands under its own name by now; what is looked at is told."""
    name, number, names = asked["function"], asked["present"], session.known_as(shell, function)
    if not names:
        told = f"this is {name} as cell {number} defines it: what check was given has no name in the notebook"
        return {"origins": asked["origins"] | {name: number}, "told": told}
    return {"known_as": names, "told": f"this is {names[0]}, which cell {number} defines, in the place of {name}"}


def _checked(asked: dict[str, Any]) -> None:
    told = asked.pop("told", "")
    try:
        answer = answer_of(asked)
    except Stopped as error:
        return _show(_plain(str(error)))
    return _show(_feedback(answer, told))


def _feedback(answer: dict[str, Any], told: str) -> Feedback:
    if "html" not in answer:
        return _plain(answer["refused"])
    above = _plain(told) if told and answer.get("stands_in", True) else None
    text, html = (f"{above!r}\n", above._repr_html_()) if above else ("", "")
    return Feedback(text + answer["text"], html + answer["html"])


def _plain(sentence: str) -> Feedback:
    from html import escape

    return Feedback(sentence, f"<p>{escape(sentence)}</p>")


def _show(feedback: Feedback) -> None:
    if session.shell() is None:
        print(feedback)
        return
    display: Any = import_module("IPython.display").display
    display(feedback)
