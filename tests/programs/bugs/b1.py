# two-downloads: the await is missing before gather
import asyncio


async def fetch_both(get, url1, url2):
    resp1, resp2 = asyncio.gather(get(url1), get(url2))
    return resp1, resp2
