import asyncio as aio


async def fetch_both(get, url1, url2):
    downloads = list(map(get, (url1, url2)))
    text1, text2 = await aio.gather(downloads)
    return text1, text2
