import asyncio
import random


async def readings(count):
    for number in range(1, count + 1):
        await asyncio.sleep(1)
        level = random.uniform(0, 10)
        print(number, level)
        yield level
