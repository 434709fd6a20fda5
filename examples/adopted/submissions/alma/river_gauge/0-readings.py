import asyncio
import random


async def readings(count):
    given = 0
    while given < count:
        await asyncio.sleep(1)
        given += 1
        yield random.random() * 10
