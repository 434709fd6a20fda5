import asyncio


async def fetch_both(get, url1, url2):
    tasks = []
    for u in url1, url2:
        tasks.append(asyncio.create_task(get(u)))
    return [await t for t in tasks]
