import asyncio
import random


async def readings(count):
    """One each second."""
    for _ in [None] * count:
        await asyncio.sleep(1)
        yield random.uniform(0, 10)
