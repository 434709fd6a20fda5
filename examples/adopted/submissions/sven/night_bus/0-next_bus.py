import asyncio as aio
from random import uniform


async def next_bus(longest=12):
    how_long = uniform(0, longest)
    return await aio.sleep(how_long, how_long)
