# reason: coroutine-not-awaited
import asyncio


async def fetch_both(get, url1, url2):
    page1, page2 = await asyncio.gather(get(url1), get(url2) + "")
    return page1, page2
