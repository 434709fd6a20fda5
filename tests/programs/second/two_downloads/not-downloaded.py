import asyncio


async def download(url):
    # stands for the real thing
    await asyncio.sleep(1)
    return f"page of {url}"


async def fetch_both(get, url1, url2):
    async with asyncio.TaskGroup() as tg:
        t1 = tg.create_task(download(url1))
        t2 = tg.create_task(download(url2))
    return t1.result(), t2.result()
