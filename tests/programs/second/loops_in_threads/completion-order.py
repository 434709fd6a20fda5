import asyncio
from concurrent.futures import ThreadPoolExecutor, as_completed


def run_shards(shards, load, crunch):
    async def work(shard):
        return [crunch(data) for data in await asyncio.gather(*(load(item) for item in shard))]

    pool = ThreadPoolExecutor(max_workers=len(shards))
    futures = [pool.submit(lambda s=shard: asyncio.run(work(s))) for shard in shards]
    return [future.result() for future in as_completed(futures)]
