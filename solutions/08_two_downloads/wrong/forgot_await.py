import asyncio


async def fetch_both(get, url1, url2):
    page1 = get(url1)
    page2 = get(url2)
    return page1, page2
