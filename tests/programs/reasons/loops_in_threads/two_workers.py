# reason: none; at most 5
import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    async def work(shard):
        return [crunch(one) for one in await asyncio.gather(*map(load, shard))]

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda shard: asyncio.run(work(shard)), shards))
