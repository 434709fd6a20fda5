"""Programs that try to leave their job. Each says whether it did harm, and what has to be left out for it to succeed.

A program's `attack()` gives true where it did what it must not be able to do. It goes past the runner, which refuses most of
this by name: what is tried here is whether the system would have let it. All of it is bounded where nothing stops it.
"""

from dataclasses import dataclass
from textwrap import dedent

_FRAME = """
import ctypes, mmap, os, resource, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
MARK = {mark!r}
SECRET = {secret!r}
OPEN = {open_folder!r}
PORT = {port}
NAME = {name!r}
HOME = {home!r}

def fork():
    return libc.fork()

def pair():
    made = (ctypes.c_int * 2)()
    if libc.socketpair(1, 1 | 0x800, 0, made):
        raise OSError("no pair of sockets")
    return list(made)

def writable():
    folder = os.path.join("." if os.access(".", os.W_OK) else OPEN, os.urandom(8).hex())
    os.mkdir(folder)
    return folder

def waited(process):
    status = ctypes.c_int()
    libc.waitpid(process, ctypes.byref(status), 0)
    return status.value

{attack}

async def main(op):
    try:
        return bool(attack())
    except (OSError, MemoryError, ImportError):
        return False
"""


@dataclass(frozen=True)
class Attack:
    """`without_a` and `without_b` are the defences that stand in its way at each level.

    `harm` is how it ends if it succeeds: with a result that is true, by being another program, or with a process left.
    `before` is the body of another program, which is played before it.
    """

    name: str
    body: str
    without_a: frozenset[str]
    without_b: frozenset[str]
    harm: str = "result"
    before: str = ""

    def source(self, **places: object) -> str:
        return _FRAME.format(attack=dedent(self.body).strip(), **places)

    def source_before(self, **places: object) -> str:
        return _FRAME.format(attack=dedent(self.before).strip(), **places) if self.before else ""

    def without(self, level: str) -> frozenset[str]:
        return self.without_a if level == "A" else self.without_b


def attack(name: str, body: str, a: str, b: str | None = None, harm: str = "result", before: str = "") -> Attack:
    return Attack(name, body, frozenset(a.split()), frozenset((a if b is None else b).split()), harm, before)
