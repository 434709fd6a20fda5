"""One way in: start an asyncio program from ordinary code."""

import asyncio


async def collect(fetch, urls):
    """Fetch all pages at the same time; return the list of their texts, in the order of `urls`."""
    # `await asyncio.gather(*(fetch(url) for url in urls))` fetches them together and gives you a list.
    raise NotImplementedError


def main_program(fetch, urls):
    """Run `collect` from ordinary code, with exactly one asyncio.run; return its list."""
    # No loop is running here, so `await` is not possible. asyncio.run makes a loop for one coroutine.
    raise NotImplementedError
