from asyncio import tasks
import random

_dice = random.Random()


async def next_bus(longest=12):
    wait = _dice.uniform(0, longest)
    await tasks.sleep(wait)
    return wait
