import asyncio


# Unusual: the pages come as they are finished, and are put back in order.
async def fetch_both(get, url1, url2):
    async def labelled(url):
        return url, await get(url)

    pages = {}
    for finished in asyncio.as_completed([labelled(url1), labelled(url2)]):
        url, text = await finished
        pages[url] = text
    return pages[url1], pages[url2]
