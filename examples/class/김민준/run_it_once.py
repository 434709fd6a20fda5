# 김민준
import asyncio


async def collect(fetch, urls):
    return await asyncio.gather(*(fetch(url) for url in urls))


def main_program(fetch, urls):
    return [asyncio.run(fetch(url)) for url in urls]
