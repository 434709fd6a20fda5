import asyncio
import random


async def next_bus(longest: float = 12) -> float:
    seconds = random.random() * longest
    await asyncio.sleep(seconds)
    return seconds
