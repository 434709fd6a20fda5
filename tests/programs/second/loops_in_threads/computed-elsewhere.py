import asyncio
from concurrent.futures import ThreadPoolExecutor


async def main(shards, load, crunch):
    loop = asyncio.get_running_loop()
    pools = [ThreadPoolExecutor(1) for _ in shards]

    async def one(item, pool):
        return await loop.run_in_executor(pool, crunch, await load(item))

    async def shard(items, pool):
        return await asyncio.gather(*(one(item, pool) for item in items))

    return await asyncio.gather(*map(shard, shards, pools))


def run_shards(shards, load, crunch):
    return asyncio.run(main(shards, load, crunch))
