import asyncio


async def fetchBoth(get, url1, url2):
    return tuple(await asyncio.gather(get(url1), get(url2)))
