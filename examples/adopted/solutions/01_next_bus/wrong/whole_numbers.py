import asyncio
from random import randint


async def next_bus(longest=12):
    delay = randint(0, longest)
    await asyncio.sleep(delay)
    return delay
