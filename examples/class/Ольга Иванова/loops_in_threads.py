import asyncio


def run_shards(shards, load, crunch):
    async def one_shard(shard):
        data = await asyncio.gather(*(load(item) for item in shard))
        return [crunch(d) for d in data]

    results = []
    for shard in shards:
        with asyncio.Runner() as runner:
            results.append(runner.run(one_shard(shard)))
    return results
