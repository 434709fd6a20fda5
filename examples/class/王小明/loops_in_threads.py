import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    async def crunch_shard(shard):
        results = []
        for data in await asyncio.gather(*map(load, shard)):
            results.append(crunch(data))
        return results

    with ThreadPoolExecutor(max_workers=len(shards)) as pool:
        waiting = [pool.submit(lambda s: asyncio.run(crunch_shard(s)), shard) for shard in shards]
    return [one.result() for one in waiting]
