import asyncio
import random


async def readings(count):
    levels = [random.uniform(0, 10) for _ in range(count)]
    await asyncio.sleep(1)
    for level in levels:
        yield level
