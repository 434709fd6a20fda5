"""The system's calls that Python has no functions for, by their numbers on x86-64 and aarch64.

Numbers and constants are those of the kernel's own headers (`asm/unistd.h`, `linux/prctl.h`, `linux/mount.h`). What is
written for aarch64 could not be tried on such a machine.
"""

import ctypes
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

X86_64, AARCH64 = "x86_64", "aarch64"
# the number on x86-64 and on aarch64
_NUMBERS = {
    "capset": (126, 91),
    "mount": (165, 40),
    "prctl": (157, 167),
    "unshare": (272, 97),
    "setns": (308, 268),
    "pivot_root": (155, 41),
    "seccomp": (317, 277),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS = 1, 4, 8, 38
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_NOATIME, MS_NODIRATIME = 1, 2, 4, 8, 32, 1024, 2048
MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = 4096, 16384, 1 << 18, 1 << 21
MNT_DETACH = 2
CAPABILITY_VERSION = 0x20080522
CAP_DAC_READ_SEARCH = 2


class Refused(OSError):
    """The system would not do it; `what` is the call, and `said` the text with what was asked for."""

    def __init__(self, number: int, said: str, what: str):
        super().__init__(number, said)
        self.said, self.what = said, what


@cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


@cache
def architecture() -> str | None:
    """x86_64 or aarch64; None on any other machine and on 32 bits, where nothing here may be used."""
    machine = platform.machine()
    known = machine in (X86_64, AARCH64) and sys.maxsize > 2**32 and sys.byteorder == "little"
    return machine if known else None


def _insist(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise Refused(number, f"{what}: {os.strerror(number)}", what.partition(" ")[0])
    return result


def syscall(name: str, *args: Any) -> int:
    """Integers and bytes. Raises Refused."""
    number = _NUMBERS[name][(X86_64, AARCH64).index(architecture() or X86_64)]
    passed = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return _insist(_libc().syscall(ctypes.c_long(number), *passed), name)


@dataclass(frozen=True, slots=True)
class Call:
    """One that is made again and again: its number and its arguments as C takes them; `what` it is in a refusal."""

    arguments: tuple[Any, ...]
    what: str


def ready(name: str, *args: Any, what: str = "") -> Call:
    """Integers, texts, bytes, None, and what ctypes has made of others."""
    number = _NUMBERS[name][(X86_64, AARCH64).index(architecture() or X86_64)]
    texts = [os.fsencode(arg) if isinstance(arg, str) else arg for arg in args]
    passed = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in texts]
    return Call((ctypes.c_long(number), *passed), what or name)


def make(calls: Iterable[Call]) -> None:
    """One after the other. Raises Refused for the first that is not carried out.

    With all that can be made ready before: a job that makes them writes to few of the pages that it shares.
    """
    call = _libc().syscall
    for one in calls:
        if call(*one.arguments) < 0:
            _insist(-1, one.what)


def prctl(option: int, *args: int) -> None:
    """Raises Refused."""
    wide = [ctypes.c_ulong(arg) for arg in (*args, 0, 0, 0, 0)[:4]]
    _insist(_libc().prctl(option, *wide), f"prctl {option}")


def unshare(flags: int) -> None:
    """Raises Refused."""
    _insist(_libc().unshare(flags), "unshare")


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, options: str | None = None) -> None:
    """Raises Refused."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    result = _libc().mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3])
    _insist(result, f"mount {target}")


def pivot_root() -> None:
    """The present folder is the root from now on, and the root that was is gone. Raises Refused."""
    syscall("pivot_root", b".", b".")
    _insist(_libc().umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def as_capabilities(effective: int, permitted: int) -> tuple[Any, Any]:
    """These masks as capset takes them; nothing is inherited."""
    words = [effective & 0xFFFFFFFF, permitted & 0xFFFFFFFF, 0, effective >> 32, permitted >> 32, 0]
    return (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)(*words)


def set_capabilities(effective: int, permitted: int | None = None) -> None:
    """Masks; what is permitted is what is effective, if not given. Raises Refused."""
    make([ready("capset", *as_capabilities(effective, effective if permitted is None else permitted))])


def exit_at(signal_number: int) -> None:
    """This signal ends the process with its number for a status, even inside a huge call in C, and even a namespace's first.

    The first process of a namespace of processes is not ended by a signal that it has no handler for. The handler here is
    the C library's `_exit`, which asks nothing of Python.
    """
    libc = _libc()
    libc.signal.restype = ctypes.c_void_p
    libc.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
    libc.signal(signal_number, ctypes.cast(libc._exit, ctypes.c_void_p))


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filtering(program: bytes) -> Call:
    """What installs a filter for good, of `len(program) // 8` instructions."""
    return ready("seccomp", 1, 0, ctypes.byref(_Filter(len(program) // 8, program)))
