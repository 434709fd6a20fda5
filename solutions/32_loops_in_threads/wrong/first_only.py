import asyncio
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait


async def work(shard, load, crunch):
    loaded = await asyncio.gather(*(load(item) for item in shard))
    return [crunch(data) for data in loaded]


def run_shards(shards, load, crunch):
    pool = ThreadPoolExecutor(len(shards))
    futures = [pool.submit(lambda shard: asyncio.run(work(shard, load, crunch)), shard) for shard in shards]
    done, _ = wait(futures, return_when=FIRST_COMPLETED)
    return [future.result() for future in done]
