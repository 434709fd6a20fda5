import asyncio


async def collect(fetch, urls):
    return await asyncio.gather(*(fetch(url) for url in urls))


def main_program(fetch, urls):
    loop = asyncio.new_event_loop()
    return loop.run_until_complete(collect(fetch, urls))
