import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    async def work(shard):
        loaded = await asyncio.gather(*(load(item) for item in shard))
        return [crunch(data) for data in loaded]

    def in_own_loop(shard):
        return asyncio.run(work(shard))

    with ThreadPoolExecutor(max_workers=len(shards)) as pool:
        return list(pool.map(in_own_loop, shards))
