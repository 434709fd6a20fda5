"""My bus."""
from asyncio import sleep
import random as rnd


async def next_bus(longest=12):
    pause = rnd.uniform(0, longest)
    await sleep(pause)
    return pause
