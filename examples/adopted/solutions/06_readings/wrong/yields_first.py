import asyncio
import random


async def readings(count):
    for _ in range(count):
        yield random.uniform(0, 10)
        await asyncio.sleep(1)
