import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    """A thread and a loop for each item."""

    async def one(item):
        return crunch(await load(item))

    with ThreadPoolExecutor(20) as pool:
        futures = [[pool.submit(lambda i=item: asyncio.run(one(i))) for item in shard] for shard in shards]
    return [[future.result() for future in some] for some in futures]
