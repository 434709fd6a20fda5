import random, time


async def next_bus(longest=12):
    wait = random.uniform(0, longest)
    end = time.monotonic() + wait
    while time.monotonic() < end:
        pass
    return wait
