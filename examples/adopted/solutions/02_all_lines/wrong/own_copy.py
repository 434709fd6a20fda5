import asyncio
import random


async def next_bus(longest=12):
    wait = random.uniform(0, longest)
    await asyncio.sleep(wait)
    return wait


async def all_lines(lines, longest):
    return [await came for came in asyncio.as_completed([next_bus(longest) for _ in range(lines)])]
