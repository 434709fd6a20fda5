import asyncio
from concurrent.futures import ThreadPoolExecutor


async def make_loop():
    """Gives the thread its loop."""


async def main(shards, load, crunch):
    pool = ThreadPoolExecutor(len(shards))

    def compute(loaded):
        asyncio.run(make_loop())
        results = []
        for data in loaded:
            results.append(crunch(data))
        return results

    async def one(shard):
        tasks = [asyncio.create_task(load(item)) for item in shard]
        loaded = [await task for task in tasks]
        return await asyncio.get_running_loop().run_in_executor(pool, compute, loaded)

    return await asyncio.gather(*map(one, shards))


def run_shards(shards, load, crunch):
    return asyncio.run(main(shards, load, crunch))
