#!/usr/bin/env python3
"""Three stations at once."""
import asyncio
import time

high_water = __import__("1-high_water").high_water


async def three_stations(mark: float, count: int) -> float:
    """Watch at three stations at the same time; return how many seconds that took."""
    begin = time.perf_counter()
    await asyncio.gather(*(high_water(mark, count) for _ in range(3)))
    return time.perf_counter() - begin
