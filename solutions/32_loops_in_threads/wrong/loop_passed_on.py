import asyncio
from concurrent.futures import ThreadPoolExecutor


async def work(shard, load, crunch):
    loaded = await asyncio.gather(*(load(item) for item in shard))
    return [crunch(data) for data in loaded]


def run_shards(shards, load, crunch):
    loop = asyncio.new_event_loop()

    def run(shard):
        return loop.run_until_complete(work(shard, load, crunch))

    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(run, shards))
