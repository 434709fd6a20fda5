import asyncio
import random


async def next_bus(longest=12.0):
    wait = round(random.uniform(0, longest), 2)
    await asyncio.sleep(wait)
    return wait
