import asyncio


async def fetch_both(get, url1, url2):
    loop = asyncio.get_running_loop()
    downloads = [loop.create_task(get(url), name=url) for url in (url1, url2)]
    for d in downloads:
        print("started", d.get_name())
    return tuple(downloads)
