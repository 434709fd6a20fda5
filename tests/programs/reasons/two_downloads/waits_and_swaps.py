# reason: results-swapped
import asyncio


async def fetch_both(get, url1, url2):
    one, two = asyncio.create_task(get(url1)), asyncio.create_task(get(url2))
    await asyncio.wait([one, two])
    return two.result(), one.result()
