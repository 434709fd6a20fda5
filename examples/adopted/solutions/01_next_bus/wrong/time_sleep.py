import random
import time


async def next_bus(longest=12):
    delay = random.uniform(0, longest)
    time.sleep(delay)
    return delay
