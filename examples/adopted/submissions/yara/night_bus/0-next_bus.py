import asnycio
import random


async def next_bus(longest=12):
    wait = random.uniform(0, longest)
    await asnycio.sleep(wait)
    return wait
