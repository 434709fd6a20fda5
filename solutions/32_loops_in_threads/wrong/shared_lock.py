import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    lock = asyncio.Lock()

    async def work(shard):
        loaded = await asyncio.gather(*(load(item) for item in shard))
        async with lock:
            return [crunch(data) for data in loaded]

    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda shard: asyncio.run(work(shard)), shards))
