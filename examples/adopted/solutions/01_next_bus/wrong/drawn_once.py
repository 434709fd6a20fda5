import asyncio
import random


async def next_bus(longest=12, part=random.random()):
    wait = part * longest
    await asyncio.sleep(wait)
    return wait
