# reason: lock-serialises; at most 5
import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    with ThreadPoolExecutor(1) as computing, ThreadPoolExecutor(len(shards)) as pool:

        async def work(shard):
            loop = asyncio.get_running_loop()
            loaded = await asyncio.gather(*map(load, shard))
            return [await loop.run_in_executor(computing, crunch, data) for data in loaded]

        return list(pool.map(lambda shard: asyncio.run(work(shard)), shards))
