import asyncio
from concurrent.futures import ThreadPoolExecutor


async def work(shard, load, crunch):
    return [crunch(load(item)) for item in shard]


def run_shards(shards, load, crunch):
    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda shard: asyncio.run(work(shard, load, crunch)), shards))
