import asyncio


async def collect(fetch, urls):
    async def everything():
        return await asyncio.gather(*[fetch(url) for url in urls])

    texts = asyncio.run(everything())
    return texts


def main_program(fetch, urls):
    return asyncio.run(collect(fetch, urls))
