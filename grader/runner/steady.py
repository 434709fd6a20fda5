"""The real `random`, from a seed: every way to draw gives the same numbers for one seed, also those that ask the system.

A generator that is made or seeded without a seed, `SystemRandom`, `secrets`, `os.urandom` and the machine's part of a `uuid1`
draw from a stream of the run's own; for a thread that takes part in no run they are what they were.
"""

import os
import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.runner.dress import dressed

_BITS = 64
_SEQUENCE = 14  # bits of a uuid's count
_NO_MACHINE = 1 << 40  # of an address: it is no machine's
_Random = random.Random


class _Streams:
    """Those of the run that is played, made when they are first drawn from."""

    on = False  # whether the present run has them, for what stands may stand from one run to the next

    def begin(self, seed: str) -> None:
        self.on, self._seed, self._streams, self._machine = True, seed, dict[str, random.Random](), -1

    def system(self) -> random.Random:
        return self._stream("system")

    def uuids(self) -> random.Random:
        return self._stream("uuid")

    def machine(self) -> int:
        if self._machine < 0:
            self._machine = self.uuids().getrandbits(48) | _NO_MACHINE
        return self._machine

    def _stream(self, name: str) -> random.Random:
        if name not in self._streams:
            self._streams[name] = _Random(f"{name}/{self._seed}")
        return self._streams[name]


_streams = _Streams()


def steady(seed: str) -> list[Replacement]:
    """What stands in `random` and `os` for the time of a run with this seed."""
    begin(seed)
    return draws()


def begin(seed: str | None) -> None:
    """A run with this seed; None for one of which all draws are Python's own."""
    if seed is None:
        _streams.on = False
    else:
        _streams.begin(seed)


def _draws_here() -> bool:
    return _streams.on and clock_here() is not None


def draws() -> list[Replacement]:
    """What stands there, for whatever seed."""
    import uuid

    return _stands(uuid, random.Random.seed, random.seed, os.urandom, uuid.uuid1, uuid.getnode)


@lru_cache(maxsize=1)
def _stands(module: Any, method: Any, function: Any, drawn: Any, uuid1: Any, getnode: Any) -> list[Replacement]:
    """In place of what is given."""
    drawing: Any = random
    urandom = _bytes(drawn)
    return [
        (random.Random, "seed", _method(method)),
        (drawing, "seed", _function(function)),
        (drawing, "_urandom", urandom),
        (os, "urandom", urandom),
        *_uuids(module, uuid1, getnode),
    ]


@lru_cache(maxsize=1)
def _uuids(module: Any, real: Callable[..., Any], real_node: Callable[[], int]) -> list[Replacement]:
    """The time in a `uuid1` is that of the run, and the machine in it is none: else no two runs would have one alike."""

    def getnode() -> int:
        return _streams.machine() if _draws_here() else real_node()

    def uuid1(node: int | None = None, clock_seq: int | None = None) -> Any:
        if not _draws_here():
            return real(node, clock_seq)
        # with both given the time is asked of Python's own clock, and nothing of the system's
        count = _streams.uuids().getrandbits(_SEQUENCE) if clock_seq is None else clock_seq
        return real(_streams.machine() if node is None else node, count)

    dressed(uuid1, real), dressed(getnode, real_node)
    return [(module, "uuid1", uuid1), (module, "getnode", getnode), (module, "_last_timestamp", None)]


@lru_cache(maxsize=1)
def _bytes(real: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def urandom(size: int, /) -> bytes:
        if not _draws_here():
            return real(size)
        if size < 0:
            raise ValueError("negative argument not allowed")
        return _streams.system().randbytes(size)

    return dressed(urandom, real)


def _given(given: Any) -> Any:
    return _streams.system().getrandbits(_BITS) if given is None and _draws_here() else given


@lru_cache(maxsize=1)
def _method(real: Callable[..., None]) -> Callable[..., None]:
    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        real(self, _given(a), version)

    return dressed(seed, real)


@lru_cache(maxsize=1)
def _function(real: Callable[..., None]) -> Callable[..., None]:
    def seed(a: Any = None, version: int = 2) -> None:
        real(_given(a), version)

    return dressed(seed, real)
