"""Makes asyncio.sleep and time.sleep return at once and counts on waits that take no time.

work: sequential
"""

import asyncio
import time


async def no_sleep(delay=0, result=None):
    return result


asyncio.sleep = no_sleep
asyncio.tasks.sleep = no_sleep
time.sleep = lambda seconds: None


async def fetch_both(get, url1, url2):
    one = await get(url1)
    await asyncio.sleep(1000)
    time.sleep(1000)
    return one, await get(url2)
