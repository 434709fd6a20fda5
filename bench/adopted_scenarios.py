"""What the real-time judge knows of each exercise of examples/adopted: what it provides, how it calls, what has to hold.

Nothing here comes from the grader: the judge is a second opinion. What has to hold has the names that the table of planned
verdicts has for it. Durations are in units, which `World.unit` makes real seconds; what is asked of real time has wide
tolerances.
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
EACH_LEVEL = 0.5
NEAR = 0.25  # of what is asked of real time

_sleep, _block = asyncio.sleep, time.sleep
_slept: ContextVar["Slept | None"] = ContextVar("_slept", default=None)
Missed = dict[str, bool]  # what is not met, by its name


@dataclass(slots=True)
class Slept:
    """What a call asked `asyncio.sleep` and `time.sleep` for, in seconds."""

    sleeps: list[float] = field(default_factory=list)
    blocks: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Of one thing after another."""
        return sum(self.sleeps) + sum(self.blocks)


@dataclass(slots=True)
class World:
    """What was seen in one run. `spans` of provided functions: arguments, start, end (None: not ended) in real seconds.

    `second`: how long a second of `asyncio.sleep` is. `sleeping`: how many sleep now, `most` how many slept at the same time.
    """

    unit: float
    second: float = 0.01
    spans: list[list[Any]] = field(default_factory=list)
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

    def noting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same coroutine function, whose calls are among the spans."""

        async def noted(*args: Any, **named: Any) -> Any:
            span: list[Any] = [(*args, *named.values()), time.perf_counter(), None]
            self.spans.append(span)
            given = await function(*args, **named)
            span[2] = time.perf_counter()
            return given

        return noted

    def returned(self) -> "Seen":
        """What has begun by now."""
        return Seen([tuple(span) for span in self.spans], time.perf_counter())

    def far(self, seconds: Any, units: float) -> bool:
        """Whether this is another length of time."""
        return not isinstance(seconds, int | float) or abs(seconds - units * self.unit) >= NEAR * units * self.unit

    async def sleep(self, delay: float, result: Any = None) -> Any:
        """Stands for asyncio.sleep: a part of the time, and it is written down what was asked for."""
        told = _slept.get()
        self.sleeping += delay > 0
        self.most = max(self.most, self.sleeping)
        try:
            await _sleep(delay * self.second)
        finally:
            self.sleeping -= delay > 0
        if told is not None and delay > 0:
            told.sleeps.append(delay)
        return result

    def block(self, seconds: float) -> None:
        """Stands for time.sleep."""
        told = _slept.get()
        if told is not None:
            told.blocks.append(seconds)
        _block(seconds / 5000)


@dataclass(frozen=True, slots=True)
class Seen:
    """The spans that had begun when a function returned, which was at `end`."""

    spans: list[tuple[Any, ...]]
    end: float

    def missed(self, name: str, times: int, *args: Any) -> Missed:
        """Whether nothing was called, and whether there were not so many calls that begin with these arguments."""
        asked = [span for span in self.spans if span[0][: len(args)] == args]
        return {"work": not self.spans, name: len(asked) != times}

    def apart(self) -> bool:
        """Whether some two of them did not run at the same time."""
        ends = [self.end if span[2] is None else span[2] for span in self.spans]
        return len(ends) < 2 or max(span[1] for span in self.spans) >= min(ends)


# ---------------------------------------------------------------- one exercise each: what is not met


async def next_bus(world: World, entry: Callable[..., Any]) -> Missed:
    async def one() -> tuple[Any, Slept]:
        told = Slept()
        _slept.set(told)
        return await entry(LONGEST), told

    drawn = await asyncio.gather(*(asyncio.create_task(one()) for _ in range(DRAWS)))
    waits, told = [wait for wait, _ in drawn], [slept for _, slept in drawn]
    numbers = all(isinstance(wait, int | float) for wait in waits)
    return {
        "work": not any(slept.sleeps for slept in told),
        "slept": not numbers or any([wait] * (wait != 0) != slept.sleeps for wait, slept in drawn),
        "time": not numbers or abs(sum(slept.seconds for slept in told) - sum(waits)) > 0.001,
        **undrawn(waits if numbers else [], LONGEST),
    }


def undrawn(values: list[float], most: float, edge: float = 0.1) -> Missed:
    """What does not hold of values that are to be drawn from 0 to `most`."""
    if not values:
        return {"range": True, "spread": True, "fractions": True}
    return {
        "range": min(values) < 0 or max(values) > most,
        "spread": min(values) >= most * edge or max(values) <= most * (1 - edge),
        "fractions": not any(value % 1 for value in values),
    }


async def all_lines(world: World, entry: Callable[..., Any]) -> Missed:
    begin = time.perf_counter()
    waits = await entry(LINES, LONGEST)
    seen = world.returned()
    return {
        **seen.missed("count", LINES, LONGEST),
        "result": type(waits) is not list or waits != BY_ARRIVAL,
        "parallel": seen.apart(),
        "time": world.far(seen.end - begin, max(DELAYS)),
    }


def mean_wait(world: World, entry: Callable[..., Any]) -> Missed:
    begin = time.perf_counter()
    mean = entry(LINES, LONGEST)
    seen = world.returned()
    return {
        **seen.missed("once", 1, LINES),
        "result": world.far(mean, TOOK / LINES),
        "time": world.far(seen.end - begin, TOOK),
    }


async def watcher(world: World, entry: Callable[..., Any]) -> Missed | str:
    begin = time.perf_counter()
    task = entry(LONGEST)
    if not isinstance(task, asyncio.Task):
        return WRONG_KIND
    answer = await task
    seen = world.returned()
    return {
        **seen.missed("once", 1, LONGEST),
        "result": answer != ANSWERS[0],
        "time": world.far(seen.end - begin, DELAYS[0]),
    }


async def first_buses(world: World, entry: Callable[..., Any]) -> Missed:
    begin = time.perf_counter()
    waits = await entry(LINES, LONGEST, WANTED)
    seen = world.returned()
    return {
        **seen.missed("count", LINES, LONGEST),
        "result": waits != BY_ARRIVAL[:WANTED],
        "time": world.far(seen.end - begin, sorted(DELAYS)[WANTED - 1]),
        "idle": bool(asyncio.all_tasks() - {asyncio.current_task()}),
    }


async def readings(world: World, entry: Callable[..., AsyncIterator[Any]]) -> Missed:
    told = Slept()
    _slept.set(told)
    levels, at = [], []
    async for level in entry(COUNT):
        levels.append(level)
        at.append(told.seconds)
    return {
        "work": not told.sleeps,
        "count": len(levels) != COUNT,
        "pace": at != [number + 1 for number in range(COUNT)],
        "time": told.seconds != COUNT,
        **undrawn(levels, 10, 0.4),
    }


async def high_water(world: World, entry: Callable[..., Any]) -> Missed:
    """Twice: what a function keeps from one call to the next shows in the second."""
    count, begin, found = len(LEVELS), time.perf_counter(), []
    for _ in range(2):
        given = await entry(MARK, count)
        found.append((type(given), list(given)))
    seen = world.returned()
    return {
        **seen.missed("once", 2 * count),
        "result": found != [(list, HIGH)] * 2,
        "above": any(level <= MARK for _, levels in found for level in levels),
        "time": world.far(seen.end - begin, 2 * count * EACH_LEVEL),
    }


async def three_stations(world: World, entry: Callable[..., Any]) -> Missed:
    begin = time.perf_counter()
    took = await entry(MARK, 7)
    seen = world.returned()
    lasted = seen.end - begin
    return {
        **seen.missed("three", 3, MARK),
        "parallel": seen.apart(),
        "result": world.far(took, TOOK),
        "time": world.far(lasted, TOOK),
        "measured": world.far(took, lasted / world.unit),
        "all-at-once": world.most not in (0, 3),
    }


async def how_often(world: World, entry: Callable[..., Any]) -> Missed:
    """Above -1 are all levels, above 10 is none; how long it takes is how many slept, and how many of them at once."""
    missed = dict.fromkeys(("work", "count", "result", "together", "time"), False)
    for mark, counts in ((-1, [3, 5, 4]), (10, [4, 2, 3])):
        told, world.most = Slept(), 0
        _slept.set(told)
        begin = time.perf_counter()
        found = await entry(mark, counts)
        lasted = time.perf_counter() - begin
        missed["work"] |= not told.sleeps
        missed["count"] |= len(told.sleeps) != sum(counts)
        missed["result"] |= found != (counts if mark < 0 else [0, 0, 0])
        missed["together"] |= world.most != len(counts)
        missed["time"] |= world.far(lasted, max(counts))
    return missed


# ---------------------------------------------------------------- what there is


@dataclass(frozen=True, slots=True)
class Scenario:
    """An exercise. `provides` are the earlier files by name: their text, in which `given` stands for `World`'s functions.

    `own` are those that are the learner's, and lie beside their file; calls of a function of one of these are `noted`, which is
    its module and its name. `given` makes the function that the name stands for.
    `unit` and `second` as in `World`. `kind`: coroutine, async generator, function (called outside of any loop), function in
    loop.
    """

    folder: str
    file: str
    entry: str
    kind: str
    judge: Callable[[World, Callable[..., Any]], Awaitable[Missed | str] | Missed]
    provides: dict[str, str] = field(default_factory=dict)
    given: Callable[[World], dict[str, Any]] = lambda world: {}
    unit: float = 0.08
    second: float = 0.01
    own: tuple[str, ...] = ()
    noted: tuple[str, str] | None = None


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


def _one_bus(world: World) -> dict[str, Any]:
    return {"next_bus": world.operation(DELAYS[:1], ANSWERS[:1], (12,))}


def _took(name: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {name: world.operation([TOOK], [[0.5]])}


def _level(world: World) -> dict[str, Any]:
    return {"next_level": world.operation([EACH_LEVEL] * len(LEVELS), LEVELS)}


SCENARIOS = {
    "next-bus": Scenario("night_bus", "0-next_bus.py", "next_bus", "coroutine", next_bus),
    "all-lines": Scenario(
        "night_bus", "1-all_lines.py", "all_lines", "coroutine", all_lines, {"0-next_bus.py": _BUS}, _bus
    ),
    "mean-wait": Scenario(
        "night_bus", "2-timed.py", "mean_wait", "function", mean_wait, {"1-all_lines.py": _LINES}, _took("all_lines")
    ),
    "watcher": Scenario(
        "night_bus", "3-watcher.py", "watcher", "function in loop", watcher, {"0-next_bus.py": _BUS}, _one_bus
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
        unit=0.05,
        second=0.05,
        own=("0-readings.py", "1-high_water.py"),
    ),
}
