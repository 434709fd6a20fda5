import asyncio
import random


async def nextBus(longest=12):
    wait = random.uniform(0, longest)
    await asyncio.sleep(wait)
    return wait
