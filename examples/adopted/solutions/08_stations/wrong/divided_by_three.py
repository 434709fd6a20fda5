import asyncio
import time

high_water = __import__("1-high_water").high_water


async def three_stations(mark, count):
    started = time.perf_counter()
    await asyncio.gather(*[high_water(mark, count) for _ in range(3)])
    return (time.perf_counter() - started) / 3
