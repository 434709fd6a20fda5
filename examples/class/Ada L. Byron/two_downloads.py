import asyncio


async def fetch_both(get, url1, url2)
    t1 = asyncio.create_task(get(url1))
    t2 = asyncio.create_task(get(url2))
    return await t1, await t2
