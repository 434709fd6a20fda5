import asyncio
from random import uniform


async def readings(count):
    for second in range(count):
        await asyncio.sleep(1)
        yield uniform(0, 10)
