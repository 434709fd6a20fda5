import asyncio
import threading


def run_shards(shards, load, crunch):
    results = []

    async def do(shard):
        data = await asyncio.gather(*(load(item) for item in shard))
        results.append([crunch(d) for d in data])

    threads = [threading.Thread(target=lambda s=shard: asyncio.run(do(s))) for shard in shards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
