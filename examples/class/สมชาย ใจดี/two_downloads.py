import asyncio


async def fetch_both(get, url1, url2):
    asyncio.create_task(get(url1))
    asyncio.create_task(get(url2))
    text1, text2 = await asyncio.gather(get(url1), get(url2))
    return text1, text2
