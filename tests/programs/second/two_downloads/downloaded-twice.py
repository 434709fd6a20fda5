import asyncio


async def fetch_both(get, url1, url2):
    # first start both ...
    tasks = {asyncio.create_task(get(url1)), asyncio.create_task(get(url2))}
    await asyncio.wait(tasks)
    # ... then fetch the results
    result1 = await get(url1)
    result2 = await get(url2)
    return result1, result2
