import asyncio
import random


async def readings(count):
    for i in range(10):
        await asyncio.sleep(1)
        yield random.uniform(0, 10)
