"""My gauge."""
import asyncio
import random


async def readings(count):
    for i in range(0, count):
        await asyncio.sleep(1.0)
        yield 10 * random.random()
