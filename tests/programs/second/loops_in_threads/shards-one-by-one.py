import asyncio
import threading


def run_shards(shards, load, crunch):
    results = []

    async def work(shard):
        data = await asyncio.gather(*(load(item) for item in shard))
        results.append([crunch(d) for d in data])

    for shard in shards:
        thread = threading.Thread(target=lambda s=shard: asyncio.run(work(s)))
        thread.start()
        thread.join()
    return results
