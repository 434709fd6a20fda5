# reason: run-per-call
import asyncio


async def collect(fetch, urls):
    return await asyncio.gather(*map(fetch, urls))


def main_program(fetch, urls):
    with asyncio.Runner() as runner:
        return [runner.run(fetch(url)) for url in urls]
