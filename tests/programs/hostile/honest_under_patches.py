"""Patches the clocks and the sleeps, but downloads both pages together all the same.

work: overlapped
"""

import asyncio
import time

time.time = time.perf_counter = lambda: 0.0


async def no_sleep(delay=0, result=None):
    return result


asyncio.sleep = no_sleep


async def fetch_both(get, url1, url2):
    one = asyncio.create_task(get(url1))
    two = asyncio.create_task(get(url2))
    page1 = await one
    page2 = await two
    return page1, page2
