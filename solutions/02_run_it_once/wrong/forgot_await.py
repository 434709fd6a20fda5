import asyncio


async def collect(fetch, urls):
    texts = []
    for url in urls:
        fetch(url)
        texts.append(url)
    return texts


def main_program(fetch, urls):
    return asyncio.run(collect(fetch, urls))
