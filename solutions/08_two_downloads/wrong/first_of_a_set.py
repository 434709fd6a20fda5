import asyncio


async def fetch_both(get, url1, url2):
    downloads = [asyncio.create_task(get(url)) for url in (url1, url2)]
    done, _ = await asyncio.wait(downloads)
    return tuple(download.result() for download in done)
