import asyncio


async def fetch_both(get, url1, url2):
    for n in range(10_000):
        print("downloading" + "." * 100, n)   # so that I see something
    return tuple(await asyncio.gather(get(url1), get(url2)))
