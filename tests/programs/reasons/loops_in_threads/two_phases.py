# reason: crunched-elsewhere; at most 9
import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    async def load_all(shard):
        return await asyncio.gather(*(load(item) for item in shard))

    with ThreadPoolExecutor(len(shards)) as pool:
        loaded = list(pool.map(lambda shard: asyncio.run(load_all(shard)), shards))
        return list(pool.map(lambda some: [crunch(data) for data in some], loaded))
