import asyncio


async def fetch_both(get, url1, url2):
    asyncio.create_task(get(url1))
    asyncio.create_task(get(url2))
