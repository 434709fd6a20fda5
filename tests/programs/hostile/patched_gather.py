"""Replaces asyncio.gather, wait and as_completed by versions that run one thing after the other, then "gathers".

work: sequential
"""

import asyncio


async def one_by_one(*coros, return_exceptions=False):
    return [await c for c in coros]


asyncio.gather = one_by_one
asyncio.tasks.gather = one_by_one
asyncio.wait = None
asyncio.as_completed = lambda coros, timeout=None: iter(coros)


async def fetch_both(get, url1, url2):
    page1, page2 = await asyncio.gather(get(url1), get(url2))
    return page1, page2
