"""The real `random`, from a seed: every way to draw gives the same numbers for one seed, also those that ask the system.

A generator that is made or seeded without a seed, `SystemRandom`, `secrets` and `os.urandom` draw from a stream of the run's
own; for a thread that takes part in no run they are what they were.
"""

import os
import random
from collections.abc import Callable
from typing import Any

from grader.clock.present import clock_here
from grader.clock.replaced import Replacement

_BITS = 64


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
    ]


def _bytes_of(stream: random.Random, real: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def urandom(size: int, /) -> bytes:
        if clock_here() is None:
            return real(size)
        if size < 0:
            raise ValueError("negative argument not allowed")
        return stream.randbytes(size)

    return urandom


def _from(stream: random.Random, given: Any) -> Any:
    return stream.getrandbits(_BITS) if given is None and clock_here() is not None else given


def _method(stream: random.Random, real: Callable[..., None]) -> Callable[..., None]:
    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        real(self, _from(stream, a), version)

    return seed


def _function(stream: random.Random, real: Callable[..., None]) -> Callable[..., None]:
    def seed(a: Any = None, version: int = 2) -> None:
        real(_from(stream, a), version)

    return seed
