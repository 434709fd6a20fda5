import asyncio


async def fetch_both(get, url1, url2):
    pages = []
    for download in asyncio.as_completed([get(url1), get(url2)]):
        pages.append(await download)
    return tuple(pages)
