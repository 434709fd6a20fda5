import asyncio
import random

LONGEST = 12


async def next_bus(longest=LONGEST):
    """Wait for the bus."""
    wait = random.uniform(0, LONGEST)
    await asyncio.sleep(wait)
    return wait
