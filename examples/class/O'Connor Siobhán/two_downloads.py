from asyncio import *


async def fetch_both(get, url1, url2):
    pages = {}

    async def load(url):
        pages[url] = await get(url)

    await gather(load(url2), load(url1))
    return pages[url1], pages[url2]
