import asyncio
from concurrent.futures import ThreadPoolExecutor


async def work(shard, load, crunch):
    loaded = await asyncio.gather(*(load(item) for item in shard))
    return [await asyncio.to_thread(crunch, data) for data in loaded]


def run_shards(shards, load, crunch):
    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda shard: asyncio.run(work(shard, load, crunch)), shards))
