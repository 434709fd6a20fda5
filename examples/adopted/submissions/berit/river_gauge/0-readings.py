from asyncio import sleep
from random import uniform


async def readings(count):
    left = count
    while left > 0:
        await sleep(1)
        left -= 1
        yield uniform(0.0, 10.0)
