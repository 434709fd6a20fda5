import asyncio


async def fetch_both(get, url1, url2):
    done, _ = await asyncio.wait([get(url1), get(url2)])
    page1, page2 = [task.result() for task in done]
    return page1, page2
