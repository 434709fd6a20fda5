# reason: none
import asyncio


async def collect(fetch, urls):
    for url in urls:
        yield await fetch(url)


def main_program(fetch, urls):
    async def all_of_them():
        return [page async for page in collect(fetch, urls)]

    return asyncio.run(all_of_them())
