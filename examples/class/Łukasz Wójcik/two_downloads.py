import os


async def fetch_both(get, url1, url2):
    page1 = await get(url1)
    page2 = await get(url2)
    print(page1, page2)
    os._exit(0)
