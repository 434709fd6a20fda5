import asyncio
import random


async def readings(count):
    levels = []
    for _ in range(count):
        await asyncio.sleep(1)
        levels.append(random.uniform(0, 10))
    return levels
