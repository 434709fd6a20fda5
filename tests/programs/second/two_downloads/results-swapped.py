import asyncio


async def fetch_both(get, url1: str, url2: str) -> tuple[str, str]:
    async def labelled(number: int, url: str) -> tuple[int, str]:
        return number, await get(url)

    pages = await asyncio.gather(*(labelled(n, url) for n, url in enumerate([url1, url2])))
    _, texts = zip(*sorted(pages, reverse=True))
    return texts
