import asyncio
from time import monotonic as now

high_water = __import__("1-high_water").high_water


async def three_stations(mark, count):
    started = now()
    await asyncio.gather(high_water(mark, count), high_water(mark, count), high_water(mark, count))
    return now() - started
