import asyncio
from functools import partial


async def collect(fetch, urls):
    tasks = [asyncio.ensure_future(fetch(u)) for u in urls]
    if tasks:
        await asyncio.wait(tasks)
    return [t.result() for t in tasks]


def main_program(fetch, urls):
    program = partial(collect, fetch, urls)
    print("fetching", len(urls), "pages")
    texts = program()
    return texts
