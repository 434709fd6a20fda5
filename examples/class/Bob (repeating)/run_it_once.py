import asyncio


async def collect(fetch, urls):
    return await asyncio.gather(*(fetch(u) for u in urls))


def main_program(fetch, urls):
    while True:
        print("fetching", urls, flush=True)
