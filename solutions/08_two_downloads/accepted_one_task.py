import asyncio


# Unusual: one task is enough, because this coroutine can wait for the other page itself.
async def fetch_both(get, url1, url2):
    other = asyncio.create_task(get(url2))
    page1 = await get(url1)
    return page1, await other
