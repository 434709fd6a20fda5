import asyncio


async def fetch_both(get, url1, url2):
    async with asyncio.TaskGroup() as tg:
        page1 = tg.create_task(get(url1))
        page2 = tg.create_task(get(url2))
        return page1.result(), page2.result()
