"""A package that is installed, as far as its files' names say so."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

_SOURCE = """\
import asyncio
import socket
import time
from contextlib import suppress


class Client:
    def __init__(self):
        self._answer = asyncio.Event()

    async def fetch(self):
        await self._answer.wait()

    async def careless(self):
        with suppress(asyncio.CancelledError):
            await self._answer.wait()

    def start(self, seconds):
        return asyncio.create_task(asyncio.sleep(seconds))

    async def doze(self):
        time.sleep(1)

    async def fail(self):
        raise ValueError("no")

    async def numbers(self):
        for number in range(3):
            yield number


def forget():
    asyncio.sleep(1)


def read(sock):
    return sock.recv(1)


async def background():
    asyncio.get_running_loop().create_task(asyncio.sleep(9))


def fail():
    raise ValueError("no")
"""


@contextmanager
def installed(folder: Path) -> Iterator[Any]:
    """The module `courier`, in `folder`; its lines are counted from 1."""
    place = folder / "site-packages"
    place.mkdir(exist_ok=True)
    (place / "courier.py").write_text(_SOURCE)
    sys.path.insert(0, str(place))
    try:
        yield import_module("courier")
    finally:
        sys.path.remove(str(place))
        sys.modules.pop("courier", None)


def line_of(text: str) -> int:
    """Of the first line of its source that has `text`."""
    return next(number for number, line in enumerate(_SOURCE.splitlines(), 1) if text in line)
