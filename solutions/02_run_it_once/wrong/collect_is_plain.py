import asyncio


def collect(fetch, urls):
    async def fetch_all():
        return await asyncio.gather(*(fetch(url) for url in urls))

    return asyncio.run(fetch_all())


def main_program(fetch, urls):
    return collect(fetch, urls)
