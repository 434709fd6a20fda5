import asyncio


async def collect(fetch, urls):
    texts = []
    for url in urls:
        texts.append(await fetch(url))
    return texts


def main_program(fetch, urls):
    return asyncio.run(collect(fetch, urls))
