"""What the real-time judge knows of each exercise of examples/adopted: what it provides, how it calls, what it takes for right.

Nothing here comes from the grader: the judge is a second opinion. Durations are in units, which `World.unit` makes real
seconds; what is asked of real time has wide tolerances.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

RIGHT, NOT_YET, WRONG_KIND = "right", "not yet", "wrong kind"
LONGEST, LINES, WANTED, MARK = 10, 5, 2, 5
DELAYS, ANSWERS = [3, 1.5, 4, 1, 2], [20, 8.25, 50, 70.5, 33.5]
BY_ARRIVAL = [answer for _, answer in sorted(zip(DELAYS, ANSWERS, strict=True))]
LEVELS = [7.5, 2, 9, 5, 6.5, 0.5, 5.5]
HIGH = [level for level in LEVELS if level > MARK]
TOOK, DRAWS, COUNT = 5, 200, 40
NEAR = 0.25  # of what is asked of real time

_sleep, _block = asyncio.sleep, time.sleep
_slept: ContextVar[list[float] | None] = ContextVar("_slept", default=None)


@dataclass(slots=True)
class World:
    """What was seen in one run. `spans` of provided functions: arguments, start, end (None: not ended) in real seconds.

    `sleeping`: how many sleep now, and `most` how many slept at the same time.
    """

    unit: float
    spans: list[list[Any]] = field(default_factory=list)
    blocked: list[float] = field(default_factory=list)
    sleeping: int = 0
    most: int = 0

    def operation(self, delays: list[float], answers: list[Any], defaults: tuple[Any, ...] = ()) -> Callable[..., Any]:
        """A coroutine function: its n-th call takes the n-th delay and gives the n-th answer."""

        async def provided(*args: Any, **named: Any) -> Any:
            at = len(self.spans) % len(delays)
            span: list[Any] = [(*args, *named.values()) or defaults, time.perf_counter(), None]
            self.spans.append(span)
            await _sleep(delays[at] * self.unit)
            span[2] = time.perf_counter()
            return answers[at]

        return provided

    def called(self, times: int, *args: Any) -> bool:
        return [span[0] for span in self.spans] == [args] * times

    def together(self) -> bool:
        ends = [span[2] for span in self.spans]
        return len(ends) > 1 and None not in ends and max(span[1] for span in self.spans) < min(ends)

    def near(self, seconds: Any, units: float) -> bool:
        return isinstance(seconds, float) and abs(seconds - units * self.unit) < NEAR * units * self.unit

    async def sleep(self, delay: float, result: Any = None) -> Any:
        """Stands for asyncio.sleep: a hundredth of the time, and it is written down what was asked for."""
        told = _slept.get()
        self.sleeping += 1
        self.most = max(self.most, self.sleeping)
        try:
            await _sleep(delay / 100)
        finally:
            self.sleeping -= 1
        if told is not None and delay > 0:
            told.append(delay)
        return result

    def block(self, seconds: float) -> None:
        """Stands for time.sleep."""
        self.blocked.append(seconds)
        _block(seconds / 5000)


# ---------------------------------------------------------------- one exercise each: True where it is right


async def next_bus(world: World, entry: Callable[..., Any]) -> bool:
    async def one() -> tuple[Any, list[float]]:
        told: list[float] = []
        _slept.set(told)
        return await entry(LONGEST), told

    drawn = await asyncio.gather(*(asyncio.create_task(one()) for _ in range(DRAWS)))
    if any(not isinstance(wait, float) or [wait] != told for wait, told in drawn) or world.blocked:
        return False
    waits = [wait for wait, _ in drawn]
    return is_spread(waits, LONGEST)


def is_spread(values: list[float], most: float, edge: float = 0.1) -> bool:
    inside = all(0 <= value <= most for value in values)
    ends = min(values) < most * edge and max(values) > most * (1 - edge)
    return inside and ends and any(value % 1 for value in values)


async def all_lines(world: World, entry: Callable[..., Any]) -> bool:
    begin = time.perf_counter()
    waits = await entry(LINES, LONGEST)
    took = time.perf_counter() - begin
    right = type(waits) is list and waits == BY_ARRIVAL
    return right and world.called(LINES, LONGEST) and world.together() and world.near(took, max(DELAYS))


def mean_wait(world: World, entry: Callable[..., Any]) -> bool:
    begin = time.perf_counter()
    mean = entry(LINES, LONGEST)
    took = time.perf_counter() - begin
    return world.called(1, LINES, LONGEST) and world.near(took, TOOK) and world.near(mean, TOOK / LINES)


async def watcher(world: World, entry: Callable[..., Any]) -> bool | str:
    task = entry(LONGEST)
    if not isinstance(task, asyncio.Task):
        return WRONG_KIND
    return await task == ANSWERS[0] and world.called(1, LONGEST)


async def first_buses(world: World, entry: Callable[..., Any]) -> bool:
    begin = time.perf_counter()
    waits = await entry(LINES, LONGEST, WANTED)
    took = time.perf_counter() - begin
    left = asyncio.all_tasks() - {asyncio.current_task()}
    in_time = world.near(took, sorted(DELAYS)[WANTED - 1])
    return waits == BY_ARRIVAL[:WANTED] and in_time and not left and world.called(LINES, LONGEST)


async def readings(world: World, entry: Callable[..., AsyncIterator[Any]]) -> bool:
    told: list[float] = []
    _slept.set(told)
    levels, at = [], []
    async for level in entry(COUNT):
        levels.append(level)
        at.append(sum(told))
    paced = at == [number + 1 for number in range(COUNT)] and sum(told) == COUNT and not world.blocked
    return paced and is_spread(levels, 10, 0.4)


async def high_water(world: World, entry: Callable[..., Any]) -> bool:
    count = len(LEVELS)
    first = list(await entry(MARK, count))
    second = await entry(MARK, count)
    return [first, second] == [HIGH, HIGH] and len(world.spans) == 2 * count


async def three_stations(world: World, entry: Callable[..., Any]) -> bool:
    took = await entry(MARK, 7)
    return world.near(took, TOOK) and world.called(3, MARK, 7) and world.together()


async def how_often(world: World, entry: Callable[..., Any]) -> bool:
    """Above -1 are all levels, above 10 is none; how long it takes is how many slept, and how many of them at once."""
    counts, none = [3, 5, 4], [4, 2, 3]
    told: list[float] = []
    _slept.set(told)
    found = [await entry(-1, counts), await entry(10, none)]
    return found == [counts, [0, 0, 0]] and told == [1] * sum(counts + none) and world.most == len(counts)


# ---------------------------------------------------------------- what there is


@dataclass(frozen=True, slots=True)
class Scenario:
    """An exercise. `provides` are the earlier files by name: their text, in which `given` stands for `World`'s functions.

    `own` are those that are the learner's, and lie beside their file. `given` makes the function that the name stands for.
    `kind`: coroutine, async generator, function (called outside of any loop), function in loop.
    """

    folder: str
    file: str
    entry: str
    kind: str
    judge: Callable[[World, Callable[..., Any]], Awaitable[bool | str] | bool]
    provides: dict[str, str] = field(default_factory=dict)
    given: Callable[[World], dict[str, Any]] = lambda world: {}
    unit: float = 0.08
    own: tuple[str, ...] = ()


_BUS = "import asyncio, random\nfrom judged import next_bus\n"
_WATCHER = """
import asyncio
from judged import next_bus
def watcher(longest):
    return asyncio.create_task(next_bus(longest))
"""
_LINES = "import asyncio, random\nfrom judged import all_lines\n"
_LEVELS = """
import asyncio, random
from judged import next_level
async def readings(count):
    for _ in range(count):
        yield await next_level()
"""
_HIGH = "import asyncio\nfrom judged import high_water\n"


def _bus(world: World) -> dict[str, Any]:
    return {"next_bus": world.operation(DELAYS, ANSWERS, (12,))}


def _took(name: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {name: world.operation([TOOK], [[0.5]])}


def _level(world: World) -> dict[str, Any]:
    return {"next_level": world.operation([0.1] * len(LEVELS), LEVELS)}


SCENARIOS = {
    "next-bus": Scenario("night_bus", "0-next_bus.py", "next_bus", "coroutine", next_bus),
    "all-lines": Scenario(
        "night_bus", "1-all_lines.py", "all_lines", "coroutine", all_lines, {"0-next_bus.py": _BUS}, _bus
    ),
    "mean-wait": Scenario(
        "night_bus", "2-timed.py", "mean_wait", "function", mean_wait, {"1-all_lines.py": _LINES}, _took("all_lines")
    ),
    "watcher": Scenario(
        "night_bus", "3-watcher.py", "watcher", "function in loop", watcher, {"0-next_bus.py": _BUS}, _bus
    ),
    "first-buses": Scenario(
        "night_bus",
        "4-first_buses.py",
        "first_buses",
        "coroutine",
        first_buses,
        {"0-next_bus.py": _BUS, "3-watcher.py": _WATCHER},
        _bus,
    ),
    "readings": Scenario("river_gauge", "0-readings.py", "readings", "async generator", readings),
    "high-water": Scenario(
        "river_gauge", "1-high_water.py", "high_water", "coroutine", high_water, {"0-readings.py": _LEVELS}, _level
    ),
    "stations": Scenario(
        "river_gauge",
        "2-timed.py",
        "three_stations",
        "coroutine",
        three_stations,
        {"1-high_water.py": _HIGH},
        _took("high_water"),
    ),
    "how-often": Scenario(
        "river_gauge",
        "3-how_often.py",
        "how_often",
        "coroutine",
        how_often,
        own=("0-readings.py", "1-high_water.py"),
    ),
}
