import asyncio
import threading


def run_shards(shards, load, crunch):
    results = {}

    async def one(item):
        results[item] = crunch(await load(item))

    async def shard_work(shard):
        await asyncio.gather(*map(one, shard))

    threads = [threading.Thread(target=lambda s=s: asyncio.run(shard_work(s))) for s in shards]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return [results[item] for shard in shards for item in shard]
