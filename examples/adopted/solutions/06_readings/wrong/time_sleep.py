import random
import time


async def readings(count):
    for i in range(count):
        time.sleep(1)
        yield random.uniform(0, 10)
