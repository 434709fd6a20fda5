import asyncio
import time

high_water = __import__("1-high_water").high_water


async def three_stations(mark, count):
    started = time.perf_counter()
    tasks = [asyncio.create_task(high_water(mark, count)) for _ in range(3)]
    took = time.perf_counter() - started
    await asyncio.gather(*tasks)
    return took
