"""The same judge, where a file is tried with the learner's own earlier files as well: is it right with these?

What such a file draws nobody knows, so it is the time, what was called, and what holds of any levels that is looked at.
"""

import time
from collections.abc import Callable
from typing import Any

from bench.adopted_scenarios import MARK, SCENARIOS, Missed, Scenario, World

WITH_OWN = ", own files"
COUNT = 7  # readings, one a second


async def high_water(world: World, entry: Callable[..., Any]) -> Missed:
    begin = time.perf_counter()
    found = [await entry(MARK, COUNT) for _ in range(2)]
    lasted = time.perf_counter() - begin
    return {
        "above": any(type(levels) is not list or any(level <= MARK for level in levels) for levels in found),
        "time": world.far(lasted, 2 * COUNT),
    }


async def three_stations(world: World, entry: Callable[..., Any]) -> Missed:
    begin = time.perf_counter()
    took = await entry(MARK, COUNT)
    seen = world.returned()
    return {
        **seen.missed("three", 3, MARK),
        "parallel": seen.apart(),
        "measured": world.far(took, (seen.end - begin) / world.unit),
    }


WITH_OWN_FILES = {
    f"high-water{WITH_OWN}": Scenario(
        "river_gauge",
        "1-high_water.py",
        "high_water",
        "coroutine",
        high_water,
        unit=0.02,
        second=0.02,
        own=("0-readings.py",),
    ),
    f"stations{WITH_OWN}": Scenario(
        "river_gauge",
        "2-timed.py",
        "three_stations",
        "coroutine",
        three_stations,
        unit=0.04,
        second=0.04,
        own=("0-readings.py", "1-high_water.py"),
        noted=("1-high_water", "high_water"),
    ),
}
ALL = {**SCENARIOS, **WITH_OWN_FILES}
