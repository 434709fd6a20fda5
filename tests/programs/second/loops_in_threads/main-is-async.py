import asyncio


async def run_shards(shards, load, crunch):
    results = []
    for shard in shards:
        data = await asyncio.gather(*map(load, shard))
        results.append(list(map(crunch, data)))
    return results
