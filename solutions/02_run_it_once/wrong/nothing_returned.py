import asyncio


async def collect(fetch, urls):
    texts = await asyncio.gather(*(fetch(url) for url in urls))
    print(texts)


def main_program(fetch, urls):
    asyncio.run(collect(fetch, urls))
