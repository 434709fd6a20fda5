import asyncio


async def page(fetch, url):
    """The text of one page."""
    text = fetch(url)
    return text


async def collect(fetch, urls):
    texts = await asyncio.gather(*(page(fetch, url) for url in urls))
    return texts


def main_program(fetch, urls):
    program = collect(fetch, urls)
    return asyncio.run(program)
