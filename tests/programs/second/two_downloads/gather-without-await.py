from asyncio import gather


async def fetch_both(get, url1, url2):
    urls = [url1, url2]
    pages = gather(*[get(u) for u in urls])
    return pages[0], pages[1]
