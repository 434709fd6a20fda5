"""The workloads of a virtual clock, each written once, in words that asyncio and trio both have."""

import random
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Protocol

NAPS = 10  # sleeps of each task of w2


@dataclass(frozen=True, slots=True)
class Words:
    """`delay` turns the seconds that a workload wants to sleep into those that this candidate is to be asked for."""

    sleep: Callable[[float], Awaitable[Any]]
    together: Callable[[Iterable[Callable[[], Coroutine[Any, Any, None]]]], Awaitable[None]]
    queue: Callable[[int], tuple[Callable[[int], Awaitable[Any]], Callable[[], Awaitable[Any]]]]
    now: Callable[[], float]
    delay: Callable[[float], float] = float


@dataclass(frozen=True, slots=True)
class Seen:
    """What a workload did: its count, and how far the clock went meanwhile."""

    count: int
    seconds: float


Main = Callable[[], Coroutine[Any, Any, Seen]]


class Player(Protocol):
    """`run(main)` makes a fresh loop, runs `main()` on it and closes it; `by_runner` has an `asyncio.Runner` do so."""

    @property
    def run(self) -> Callable[[Main], Seen]: ...

    @property
    def by_runner(self) -> Callable[[Main], Seen] | None: ...

    @property
    def words(self) -> Words: ...


@dataclass(frozen=True, slots=True)
class Workload:
    """`prepare(player, size)` gives what is measured; `expected(size)` is what it has to do on virtual time.

    An operation is what the time is divided by: there are `per` of them in one of size.
    """

    name: str
    title: str
    operation: str
    per: int
    size: int
    prepare: Callable[[Player, int], Callable[[], Seen]]
    expected: Callable[[int], Seen]

    def sized(self, share: float) -> int:
        return max(int(self.size * share), 1)


def _sleeps(player: Player, size: int) -> Callable[[], Seen]:
    words = player.words
    sleep, delay = words.sleep, words.delay(1.0)

    async def main() -> Seen:
        start = words.now()
        for _ in range(size):
            await sleep(delay)
        return Seen(size, words.now() - start)

    return partial(player.run, main)


@cache
def _random_delays(tasks: int) -> list[list[float]]:
    draw = random.Random(tasks).random
    return [[draw() for _ in range(NAPS)] for _ in range(tasks)]


def _crowd(player: Player, size: int) -> Callable[[], Seen]:
    words, sleep = player.words, player.words.sleep
    plans = [[words.delay(seconds) for seconds in naps] for naps in _random_delays(size)]

    async def main() -> Seen:
        start, done = words.now(), 0

        async def one(naps: list[float]) -> None:
            nonlocal done
            for delay in naps:
                await sleep(delay)
            done += len(naps)

        await words.together([partial(one, naps) for naps in plans])
        return Seen(done, words.now() - start)

    return partial(player.run, main)


def _queue(player: Player, size: int) -> Callable[[], Seen]:
    words, sleep, delay = player.words, player.words.sleep, player.words.delay(1.0)

    async def main() -> Seen:
        start, total = words.now(), 0
        put, get = words.queue(10)

        async def produce() -> None:
            for item in range(size):
                await put(item)
                await sleep(delay)

        async def consume() -> None:
            nonlocal total
            for _ in range(size):
                total += await get()

        await words.together([produce, consume])
        return Seen(total, words.now() - start)

    return partial(player.run, main)


def _loops(player: Player, size: int) -> Callable[[], Seen]:
    return _again(player.run, size)


def _runners(player: Player, size: int) -> Callable[[], Seen]:
    """Exits with the reason where there is no such thing."""
    if player.by_runner is None:
        sys.exit("has no `asyncio.Runner`")
    return _again(player.by_runner, size)


def _again(run: Callable[[Main], Seen], size: int) -> Callable[[], Seen]:
    async def main() -> Seen:
        return Seen(1, 0.0)

    def again() -> Seen:
        return Seen(sum(run(main).count for _ in range(size)), 0.0)

    return again


WORKLOADS = (
    Workload("w1", "one task, virtual sleeps", "sleep", 1, 200_000, _sleeps, lambda size: Seen(size, float(size))),
    Workload(
        "w2",
        f"many tasks, {NAPS} random delays each",
        "sleep",
        NAPS,
        10_000,
        _crowd,
        lambda size: Seen(size * NAPS, max(map(sum, _random_delays(size)))),
    ),
    Workload(
        "w3",
        "producer and consumer over a queue, with sleeps",
        "item",
        1,
        100_000,
        _queue,
        lambda size: Seen(size * (size - 1) // 2, float(size)),
    ),
    Workload("w4", "a fresh loop and a trivial coroutine", "loop", 1, 3_000, _loops, lambda size: Seen(size, 0.0)),
    Workload("w5", "the same by an `asyncio.Runner`", "loop", 1, 3_000, _runners, lambda size: Seen(size, 0.0)),
)
