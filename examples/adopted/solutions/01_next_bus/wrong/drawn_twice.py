import asyncio
import random


async def next_bus(longest=12):
    await asyncio.sleep(random.uniform(0, longest))
    return random.uniform(0, longest)
