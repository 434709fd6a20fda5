import asyncio
from concurrent.futures import ThreadPoolExecutor


async def load_column(load, items):
    return await asyncio.gather(*(load(item) for item in items))


def run_shards(shards, load, crunch):
    """One loop for the first items of all shards, one for the second ones, and so on."""

    def compute(loaded):
        return [crunch(data) for data in loaded]

    with ThreadPoolExecutor(10) as pool:
        columns = pool.map(lambda items: asyncio.run(load_column(load, items)), zip(*shards))
        return list(pool.map(compute, zip(*columns)))
