# reason: none
import asyncio


async def collect(fetch, urls):
    pages = await asyncio.gather(*map(fetch, urls))
    return {url: page for url, page in zip(urls, pages)}


def main_program(fetch, urls):
    return asyncio.run(collect(fetch, urls))
