import asyncio
import random


async def next_bus(longest=12):
    delay = random.uniform(0, longest)
    await asyncio.wait_for(asyncio.sleep(delay), timeout=None)
    return delay
