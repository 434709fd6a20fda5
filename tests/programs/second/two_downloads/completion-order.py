import asyncio


async def fetch_both(get, url1, url2):
    """Both put what they have on a queue."""
    queue = asyncio.Queue()

    async def download(url):
        await queue.put(await get(url))

    await asyncio.gather(download(url1), download(url2))
    return queue.get_nowait(), queue.get_nowait()
