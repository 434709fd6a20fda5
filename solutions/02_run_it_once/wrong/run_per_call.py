import asyncio


async def collect(fetch, urls):
    return await asyncio.gather(*(fetch(url) for url in urls))


def main_program(fetch, urls):
    texts = []
    for url in urls:
        texts.append(asyncio.run(fetch(url)))
    return texts
