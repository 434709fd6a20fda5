# reason: set-has-no-order; at most 6
import asyncio


async def fetch_both(get, url1, url2):
    one, two = asyncio.create_task(get(url1)), asyncio.create_task(get(url2))
    finished, unfinished = await asyncio.wait({one, two})
    first, second = finished
    return first.result(), second.result()
