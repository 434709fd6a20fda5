# José Martínez Ñandú
import asyncio


async def fetch_both(get, url1, url2):
    return tuple(await asyncio.gather(get(url1), get(url2)))
