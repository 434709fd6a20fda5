"""`asyncio.create_subprocess_shell` and `_exec` that reach the world's scripted processes.

The world hears the command and what each of the three streams was asked to be; it answers with a process of its own.
"""

import asyncio
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


def _target(name: str, value: Any) -> str | None:
    try:
        return _TARGETS[value]
    except (KeyError, TypeError):
        raise RefusedError(f"{name} goes to a real file here; use asyncio.subprocess.PIPE or leave it out") from None


def starter(desk: "Desk", packed: Any) -> Callable[..., Any]:
    """The replacement for one of asyncio's two functions; `packed` is the world's function, (command, pipes) -> process."""
    name = packed[2]["type"]
    start = desk.value(packed)

    def create(*command: Any, stdin: Any = None, stdout: Any = None, stderr: Any = None, **more: Any) -> Any:
        given = {"stdin": stdin, "stdout": stdout, "stderr": stderr}
        pipes = {each: _target(each, value) for each, value in given.items()}
        # asyncio's own names for the first argument
        first = more.pop("cmd" if name.endswith("_shell") else "program", None)
        words = (first, *command) if first is not None else command
        if not words:
            missing = "cmd" if name.endswith("_shell") else "program"
            raise TypeError(f"{name}() missing 1 required positional argument: {missing!r}")
        if name.endswith("_exec"):
            return start(tuple(words), pipes)
        if len(words) != 1:
            raise TypeError(f"{name}() takes 1 positional argument but {len(words)} were given")
        return start(words[0], pipes)

    create.__name__ = create.__qualname__ = name
    return create
