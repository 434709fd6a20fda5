# reason: none
import asyncio


async def collect(fetch, urls):
    return await asyncio.gather(fetch(url) for url in urls)


def main_program(fetch, urls):
    return asyncio.run(collect(fetch, urls))
