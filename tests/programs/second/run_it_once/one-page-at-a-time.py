import asyncio


async def pages(fetch, urls):
    for url in urls:
        yield await fetch(url)


async def collect(fetch, urls):
    # an async for goes on with the others while it waits
    return [text async for text in pages(fetch, urls)]


def main_program(fetch, urls):
    return asyncio.run(collect(fetch, urls))
