import asyncio


async def fetch_both(get, url1, url2):
    download1 = asyncio.create_task(get(url1))
    download2 = asyncio.create_task(get(url2))
    return download1.result(), download2.result()
