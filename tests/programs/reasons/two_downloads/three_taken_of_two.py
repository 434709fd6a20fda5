# reason: none
import asyncio


async def fetch_both(get, url1, url2):
    one, two, three = await asyncio.gather(get(url1), get(url2))
    return one, two
