# reason: task-objects-returned
import asyncio


async def fetch_both(get, url1, url2):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(get(url)) for url in (url1, url2)]
    return tuple(tasks)
