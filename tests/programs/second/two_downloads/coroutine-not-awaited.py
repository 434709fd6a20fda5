from asyncio import TaskGroup


async def download(get, url: str):
    print("downloading", url)
    text = get(url)
    print("downloaded", url)
    return text


async def fetch_both(get, url1: str, url2: str):
    async with TaskGroup() as tg:
        first = tg.create_task(download(get, url1))
        second = tg.create_task(download(get, url2))
    return first.result(), second.result()
