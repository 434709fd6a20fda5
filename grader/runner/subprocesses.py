"""`asyncio.create_subprocess_shell` and `_exec` that reach the world's scripted processes.

The world hears the command and what each of the three streams was asked to be; it answers with a process of its own. What
asyncio refuses is refused here as well, in its own words.
"""

import asyncio
import inspect
import os
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.clock.over import RefusedError

if TYPE_CHECKING:
    from grader.runner.desk import Desk

_TARGETS = {
    None: None,
    asyncio.subprocess.PIPE: "pipe",
    asyncio.subprocess.STDOUT: "stdout",
    asyncio.subprocess.DEVNULL: "devnull",
}
_STREAMS = ("stdin", "stdout", "stderr")
_OF_POPEN = frozenset(inspect.signature(subprocess.Popen).parameters)


def _target(name: str, value: Any) -> str | None:
    try:
        return _TARGETS[value]
    except (KeyError, TypeError):
        raise RefusedError(f"{name} goes to a real file here; use asyncio.subprocess.PIPE or leave it out") from None


# Streams of asyncio hold bytes: it refuses what would make text of them, or a buffer (BaseEventLoop.subprocess_exec).
_REFUSED: tuple[tuple[str, Any, Callable[[Any], bool]], ...] = (
    ("universal_newlines", False, bool),
    ("bufsize", 0, lambda given: given != 0),
    ("text", False, bool),
    ("encoding", None, lambda given: given is not None),
    ("errors", None, lambda given: given is not None),
)


def _check(options: dict[str, Any], shell: bool) -> None:
    """Raises what asyncio, or the Popen behind it, raises for these options."""
    for name, only, refused in (*_REFUSED, ("shell", shell, lambda given: bool(given) != shell)):
        if name in options and refused(options[name]):
            raise ValueError(f"{name} must be {only}")
    unknown = next((name for name in options if name not in _OF_POPEN), None)
    if unknown is not None:
        raise TypeError(f"Popen.__init__() got an unexpected keyword argument {unknown!r}")


def _text(word: Any) -> str:
    if not isinstance(word, str | bytes | os.PathLike):
        raise TypeError(f"expected str, bytes or os.PathLike object, not {type(word).__name__}")
    return os.fsdecode(word)


def _line(cmd: Any) -> str:
    if not isinstance(cmd, str | bytes):
        raise ValueError("cmd must be a string")
    return os.fsdecode(cmd)


def starter(desk: "Desk", packed: Any) -> Callable[..., Any]:
    """The replacement for one of asyncio's two functions; `packed` is the world's function, (command, pipes) -> process."""
    name = packed[2]["type"]
    start = desk.value(packed)
    shell = name.endswith("_shell")

    async def failing(error: Exception) -> None:
        raise error

    def begun(command: Any, streams: tuple[Any, ...], options: dict[str, Any]) -> Any:
        pipes = {each: _target(each, value) for each, value in zip(_STREAMS, streams, strict=True)}
        try:
            _check(options, shell)
            return start(_line(command) if shell else tuple(map(_text, command)), pipes)
        except (TypeError, ValueError) as error:  # asyncio raises them when it is awaited
            coroutine: Any = failing(error)
            coroutine.__name__ = coroutine.__qualname__ = name
            return coroutine

    def create_subprocess_shell(
        cmd: Any, stdin: Any = None, stdout: Any = None, stderr: Any = None, limit: int = 0, **options: Any
    ) -> Any:
        return begun(cmd, (stdin, stdout, stderr), options)

    def create_subprocess_exec(
        program: Any,
        *args: Any,
        stdin: Any = None,
        stdout: Any = None,
        stderr: Any = None,
        limit: int = 0,
        **options: Any,
    ) -> Any:
        return begun((program, *args), (stdin, stdout, stderr), options)

    create = create_subprocess_shell if shell else create_subprocess_exec
    create.__qualname__ = name
    return create
