import aiohttp
import asyncio


async def fetch_both(get, url1, url2):
    async with aiohttp.ClientSession() as session:
        a, b = await asyncio.gather(session.get(url1), session.get(url2))
        return await a.text(), await b.text()
