import asyncio


async def fetch_both(get, url1, url2):
    page2, page1 = await asyncio.gather(get(url2), get(url1))
    return page2, page1
