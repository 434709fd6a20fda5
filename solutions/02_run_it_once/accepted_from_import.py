from asyncio import gather, run


async def collect(fetch, urls):
    texts = await gather(*map(fetch, urls))
    return list(texts)


def main_program(fetch, urls):
    texts = []

    async def fill():
        texts.extend(await collect(fetch, urls))

    run(fill())
    return texts
