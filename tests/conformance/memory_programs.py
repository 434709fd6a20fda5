"""The programs of CPython's own tests, for a loop in memory: what Python is given to run there, and what a shell is.

Each does what its text, or its file, says. One that is not known here never ends, so that no test takes it for right.
"""

import ast
import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

Program = Callable[[Any], Awaitable[int | None]]
_SIZE = 1024
_PRINT = re.compile(r"print\(('\w+')\)")
_WRITE = re.compile(r'import sys\nsys\.stdout\.write\("x" \* (\d+)\)\nsys\.stdout\.flush\(\)')
_VARIABLE = "import os, sys; sys.stdout.write(os.getenv('FOO'))"


async def _sleep(child: Any) -> None:
    await asyncio.sleep(float(child.args[1]) if child.args[0] == "sleep" else 3600)


async def _sleep_twice(child: Any) -> None:
    await asyncio.sleep(2)


async def _sleep_and_say_so(child: Any) -> None:
    child.stdout.write(b"sleeping\n")
    await _sleep(child)


async def _cat(child: Any) -> None:
    child.stdout.write(await child.stdin.read())


async def _length(child: Any) -> None:
    child.stdout.write(b"%d\n" % len(await child.stdin.read()))


async def _variable(child: Any) -> None:
    child.stdout.write(child.env["FOO"].encode())


async def _both(child: Any) -> None:
    child.stdout.write(b"stdout")
    child.stderr.write(b"stderr")


async def _much(child: Any) -> int:
    for _ in range(64):
        child.stdout.write(b"x" * 4096)
        await child.stdout.drain()
    return 1


async def _nothing(child: Any) -> None:
    """As it says."""


async def _never(child: Any) -> None:
    await asyncio.get_running_loop().create_future()


def _ends_with(code: int) -> Program:
    async def ends(child: Any) -> int:
        return code

    return ends


def _says(data: bytes) -> Program:
    async def says(child: Any) -> None:
        child.stdout.write(data)

    return says


async def _echo(child: Any) -> None:
    while data := await child.stdin.read(_SIZE):
        child.stdout.write(data)


async def _echo2(child: Any) -> None:
    data = await child.stdin.read(_SIZE)
    child.stdout.write(b"OUT:" + data)
    child.stderr.write(b"ERR:" + data)


_TEXTS: dict[str, Program] = {
    "import time; time.sleep(3600)": _sleep,
    'import time; print("sleeping", flush=True); time.sleep(3600)': _sleep_and_say_so,
    "import sys;data = sys.stdin.buffer.read();sys.stdout.buffer.write(data)": _cat,
    "import sys; data = sys.stdin.read(); print(len(data))": _length,
    'file = open("/dev/stdin"); data = file.read(); print(len(data))': _length,
    _VARIABLE: _variable,
    'import sys; sys.stdout.write("stdout"); sys.stderr.write("stderr")': _both,
    'import sys\nfor _ in range(64):\n    sys.stdout.write("x" * 4096)\nsys.stdout.flush()\nsys.exit(1)': _much,
    "pass": _nothing,
}
_FILES: dict[str, Program] = {"echo.py": _echo, "echo2.py": _echo2}


async def _python(child: Any) -> int | None:
    first, *others = child.args[1:] or [""]
    program = _of_text(others[0]) if first == "-c" else _FILES.get(os.path.basename(first), _never)
    return await program(child)


def _of_text(text: str) -> Program:
    if found := _PRINT.fullmatch(text):
        return _says(ast.literal_eval(found[1]).encode() + b"\n")
    if found := _WRITE.fullmatch(text):
        return _says(b"x" * int(found[1]))
    return _TEXTS.get(text, _never)


def register(programs: Any) -> None:
    """`programs`: those of a clock."""
    programs |= {
        sys.executable: _python,
        f'{sys.executable} -c "{_VARIABLE}"': _variable,
        "sleep": _sleep,
        "sleep 1; sleep 1": _sleep_twice,
        "echo Python": _says(b"Python\n"),
        "exit 7": _ends_with(7),
        "exit 8": _ends_with(8),
    }
