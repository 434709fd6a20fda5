import asyncio


async def fetch_both(get, url1, url2):
    downloads = [get(url1), get(url2)]
    page1, page2 = await asyncio.gather(downloads)
    return page1, page2
