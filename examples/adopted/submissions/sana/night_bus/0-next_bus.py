import asyncio
import random

all_lines = __import__("1-all_lines").all_lines


async def next_bus(longest=12):
    wait = random.uniform(0, longest)
    await asyncio.sleep(wait)
    return wait
