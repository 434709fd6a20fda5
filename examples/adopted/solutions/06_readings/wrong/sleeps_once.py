import asyncio
import random


async def readings(count):
    await asyncio.sleep(1)
    for _ in range(count):
        yield random.uniform(0, 10)
