from asyncio import wait


async def fetch_both(get, url1, url2):
    pages = {}

    async def download(number, url):
        pages[number] = await get(url)

    await wait([download(n, url) for n, url in enumerate((url1, url2))])
    return pages[0], pages[1]
