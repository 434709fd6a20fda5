"""The real `random`, from a seed: every way to draw gives the same numbers for one seed, also those that ask the system.

A generator that is made or seeded without a seed, `SystemRandom`, `secrets`, `os.urandom` and the machine's part of a `uuid1`
draw from a stream of the run's own; for a thread that takes part in no run they are what they were.
"""

import os
import random
from collections.abc import Callable
from functools import cache
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.runner.dress import dressed

_BITS = 64
_SEQUENCE = 14  # bits of a uuid's count
_NO_MACHINE = 1 << 40  # of an address: it is no machine's


def steady(seed: str) -> list[Replacement]:
    """What stands in `random` and `os` for the time of a run with this seed."""
    stream = random.Random(f"system/{seed}")
    module: Any = random
    urandom = _bytes_of(stream, os.urandom)
    return [
        (random.Random, "seed", _method(stream, random.Random.seed)),
        (module, "seed", _function(stream, random.seed)),
        (module, "_urandom", urandom),
        (os, "urandom", urandom),
        *_uuids(cache(lambda: random.Random(f"uuid/{seed}"))),
    ]


def _uuids(stream: Callable[[], random.Random]) -> list[Replacement]:
    """The time in a `uuid1` is that of the run, and the machine in it is none: else no two runs would have one alike."""
    import uuid

    module: Any = uuid
    real, real_node = uuid.uuid1, uuid.getnode
    machine = cache(lambda: stream().getrandbits(48) | _NO_MACHINE)

    def getnode() -> int:
        return real_node() if clock_here() is None else machine()

    def uuid1(node: int | None = None, clock_seq: int | None = None) -> uuid.UUID:
        if clock_here() is None:
            return real(node, clock_seq)
        # with both given the time is asked of Python's own clock, and nothing of the system's
        count = stream().getrandbits(_SEQUENCE) if clock_seq is None else clock_seq
        return real(machine() if node is None else node, count)

    dressed(uuid1, real), dressed(getnode, real_node)
    return [(module, "uuid1", uuid1), (module, "getnode", getnode), (module, "_last_timestamp", None)]


def _bytes_of(stream: random.Random, real: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def urandom(size: int, /) -> bytes:
        if clock_here() is None:
            return real(size)
        if size < 0:
            raise ValueError("negative argument not allowed")
        return stream.randbytes(size)

    return dressed(urandom, real)


def _from(stream: random.Random, given: Any) -> Any:
    return stream.getrandbits(_BITS) if given is None and clock_here() is not None else given


def _method(stream: random.Random, real: Callable[..., None]) -> Callable[..., None]:
    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        real(self, _from(stream, a), version)

    return dressed(seed, real)


def _function(stream: random.Random, real: Callable[..., None]) -> Callable[..., None]:
    def seed(a: Any = None, version: int = 2) -> None:
        real(_from(stream, a), version)

    return dressed(seed, real)
