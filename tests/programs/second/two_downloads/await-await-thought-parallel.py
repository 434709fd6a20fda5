import asyncio


async def fetch_both(get, url1: str, url2: str) -> tuple[str, str]:
    """Fetch the pages asynchronously."""
    pages = {}
    for url in (url1, url2):
        pages[url] = await get(url)
    return pages[url1], pages[url2]
