# Unusual: asyncio.Runner is what asyncio.run is made of. One runner, one run.
import asyncio


async def collect(fetch, urls):
    tasks = [asyncio.ensure_future(fetch(url)) for url in urls]
    return [await task for task in tasks]


def main_program(fetch, urls):
    with asyncio.Runner() as runner:
        return runner.run(collect(fetch, urls))
