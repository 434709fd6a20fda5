import asyncio
from concurrent.futures import ThreadPoolExecutor


async def work(shard, load, crunch):
    loaded = await asyncio.gather(*(load(item) for item in shard))
    return [crunch(data) for data in loaded]


def run_shards(shards, load, crunch):
    results = []
    with ThreadPoolExecutor(len(shards)) as pool:
        for some in pool.map(lambda shard: asyncio.run(work(shard, load, crunch)), shards):
            results += some
    return results
