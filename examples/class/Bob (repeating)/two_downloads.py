import asyncio


async def fetch_both(get, url1, url2):
    while True:
        await asyncio.sleep(0)
