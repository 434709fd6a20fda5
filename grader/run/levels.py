"""Levels of isolation: what stands between a stranger's program and this machine, and which of them can be had here.

A: namespaces, a root of its own, Landlock, seccomp and limits. B: the same without namespaces. none: a process of its own and
limits, for one's own programs only. What each keeps out, and how, stands in docs/isolation.md.
"""

import atexit
import os
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader.course.model import Limits
from grader.errors import GraderFault, UsageError
from grader.run import folders
from grader.run.process import Spawned
from grader.run.zygote import Died, Job, Unavailable, Zygote

ISOLATED = ("A", "B")
LEVELS = (*ISOLATED, "none")
BEST = "child"  # asks for the first of them that can be had
_TRIES = 3  # zygotes for one job before it is given up
Packages = Mapping[str, str]  # folders of modules, by name


class Process(Protocol):
    """One submission's. `connection` is our end of its socket, `number` its own outside of all namespaces, if that is known.

    `cpu_seconds`: what it took, known when it has ended.
    """

    connection: socket.socket
    cpu_seconds: float

    @property
    def number(self) -> int | None: ...

    def place(self, files: Mapping[str, str]) -> str | None: ...
    def how_it_ended(self) -> int: ...
    def ring(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Level:
    """`name` is one of LEVELS; `process` starts one."""

    name: str
    process: Callable[[Limits], Process]


class _Zygotes:
    """Those of this process: one for each level and set of packages, started when it is first needed."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._living: dict[tuple[str, frozenset[tuple[str, str]]], Zygote] = {}
        self._begun: dict[tuple[str, frozenset[tuple[str, str]]], Zygote] = {}  # that nobody has asked for yet
        self._reasons: dict[str, str] = {}  # why a level cannot be had

    def begin(self, level: str, packages: Packages) -> None:
        """One that gets ready meanwhile; if that fails, whoever needs it is told."""
        self._insist_on_owner()
        key = (level, frozenset(packages.items()))
        if sys.platform.startswith("linux") and not (key in self._living or key in self._begun):
            with suppress(Unavailable):
                self._begun[key] = Zygote(level, packages, soon=True)

    def zygote(self, level: str, packages: Packages) -> Zygote:
        """Raises Unavailable, or GraderFault where a defence does not hold."""
        self._insist_on_owner()
        key = (level, frozenset(packages.items()))
        if key not in self._living:
            self._living[key] = _proved(level, packages, self._begun.pop(key, None))
        return self._living[key]

    def _insist_on_owner(self) -> None:
        if self._owner != os.getpid():  # a fork must not speak with its parent's
            self.__init__()  # type: ignore[misc]

    def job(self, level: str, packages: Packages, limits: Limits) -> Job:
        """Raises GraderFault where none can be had any more."""
        for _ in range(_TRIES):
            try:
                return self.zygote(level, packages).start(limits)
            except Died:
                self._living.pop((level, frozenset(packages.items()))).close()
            except Unavailable as error:
                raise GraderFault(f"isolation {level} was lost: {error}") from error
        raise GraderFault(f"isolation {level} was lost: the process that forks died {_TRIES} times")

    def why_not(self, level: str, packages: Packages) -> str:
        """Why this level cannot be had here; empty if it can."""
        if not sys.platform.startswith("linux"):
            return f"it is made for Linux, and this is {sys.platform}"
        if level not in self._reasons:
            try:
                self.zygote(level, packages)
            except Unavailable as error:
                self._reasons[level] = str(error)
        return self._reasons.get(level, "")

    def close(self) -> None:
        if self._owner == os.getpid():
            while self._living:
                self._living.popitem()[1].close()
            while self._begun:
                self._begun.popitem()[1].abandon()


_zygotes = _Zygotes()
atexit.register(_zygotes.close)


def _proved(level: str, packages: Packages, begun: Zygote | None = None) -> Zygote:
    """A zygote whose defences were tried, the one that was `begun` if any. Raises GraderFault where one does not hold."""
    zygote = begun or Zygote(level, packages)
    if begun is not None:
        begun.wait()
    place, ours = folders.made(), Path(__file__).resolve()
    secret = Path(place, "secret")
    secret.touch()
    try:
        done = zygote.probe([str(secret), str(ours), str(ours.parent.parent)])
    except BaseException:  # Ctrl-C, too: nobody else knows of it
        zygote.close()
        raise
    finally:
        folders.gone(place)
    if done:
        zygote.close()
        raise GraderFault(
            f"isolation {level} does not hold on this machine, so nothing is played: a program could {', '.join(done)}"
        )
    return zygote


def begin(asked: str) -> None:
    """Who is to ask whether that level can be had here, and has other things to do before, need not wait for it then."""
    level = ISOLATED[0] if asked == BEST else asked
    if level in ISOLATED:
        _zygotes.begin(level, {})


def why_not(level: str, packages: Packages | None = None) -> str:
    """Why that level of isolation cannot be had here; empty if it can."""
    return "" if level == "none" else _zygotes.why_not(level, packages or {})


def resolved(asked: str) -> str:
    """The level that is meant by `asked`, which is a level, or BEST. Raises UsageError where it cannot be had."""
    if asked == BEST:
        return next(level for level in LEVELS if not why_not(level))
    reason = why_not(asked)
    if reason:
        raise UsageError(f"isolation {asked} cannot be had here: {reason}")
    return asked


def level_of(asked: str, packages: Packages | None = None) -> Level:
    """Raises UsageError where it cannot be had, GraderFault where it does not hold what it promises."""
    name = resolved(asked)
    if name == "none":
        return Level(name, lambda limits: Spawned(limits, packages or {}))
    return Level(name, lambda limits: _zygotes.job(name, packages or {}, limits))
