# reason: none; at most 6
import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    async def work(shard):
        await asyncio.gather(*(load(item) for item in shard))
        loaded = await asyncio.gather(*(load(item) for item in shard))
        return [crunch(d) for d in loaded]

    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda s: asyncio.run(work(s)), shards))
