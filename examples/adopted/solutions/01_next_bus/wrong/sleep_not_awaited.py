import asyncio
import random


async def next_bus(longest=12):
    wait = random.uniform(0, longest)
    asyncio.sleep(wait)
    return wait
