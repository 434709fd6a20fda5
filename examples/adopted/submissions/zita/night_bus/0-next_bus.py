import asyncio
import random


async def next_bus(longest: "float" = 12.) -> "float":
    bus = random.uniform(0., longest)
    await asyncio.sleep(bus)
    return bus
