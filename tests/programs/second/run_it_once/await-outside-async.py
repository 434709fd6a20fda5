import asyncio


async def collect(fetch, urls):
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(fetch(url)) for url in urls]
    return [t.result() for t in tasks]


def main_program(fetch, urls):
    texts = await collect(fetch, urls)
    for url, text in zip(urls, texts):
        print(url, len(text))
    return texts
