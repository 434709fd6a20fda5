import asyncio


async def collect(fetch, urls):
    return await asyncio.gather(*(fetch(url) for url in urls))


async def main_program(fetch, urls):
    return await collect(fetch, urls)
