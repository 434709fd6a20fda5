# reason: list-not-tuple
import asyncio


async def fetch_both(get, url1, url2):
    other = asyncio.create_task(get(url2))
    return [await get(url1), await other]
