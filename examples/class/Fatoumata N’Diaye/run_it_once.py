# Fatoumata N’Diaye
import asyncio


async def collect(fetch, urls):
    """Fetch all pages at the same time; return the list of their texts, in the order of `urls`."""
    return await asyncio.gather(*(fetch(url) for url in urls))


def main_program(fetch, urls):
    """Run `collect` from ordinary code, with exactly one asyncio.run; return its list."""
    return asyncio.run(collect(fetch, urls))
