from asyncio import TaskGroup


async def fetch_both(get, url1, url2):
    async with TaskGroup() as tg:
        tasks = [tg.create_task(get(url)) for url in (url1, url2)]
    texts = tuple(task.result() for task in tasks)
