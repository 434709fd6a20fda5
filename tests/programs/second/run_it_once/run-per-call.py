import asyncio


async def collect(fetch, urls):
    tasks = [asyncio.create_task(fetch(url)) for url in urls]
    return [await task for task in tasks]


def main_program(fetch, urls):
    texts = []
    for url in urls:
        texts.extend(asyncio.run(collect(fetch, [url])))
    return texts
