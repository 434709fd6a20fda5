import asyncio
import random


async def readings(count):
    for _ in range(count):
        await asyncio.sleep(1)
        yield random.randint(0, 10)
