import asyncio
from concurrent.futures import ThreadPoolExecutor


async def work(shard, load, crunch):
    loaded = await asyncio.gather(*(load(item) for item in shard))
    return [crunch(data) for data in loaded]


def run_shards(shards, load, crunch):
    pool = ThreadPoolExecutor(len(shards))
    results = []
    for shard in shards:
        pool.submit(lambda shard: results.append(asyncio.run(work(shard, load, crunch))), shard)
    return results
