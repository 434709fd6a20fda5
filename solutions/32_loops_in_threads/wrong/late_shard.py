import asyncio
import threading


def run_shards(shards, load, crunch):
    results = []

    async def work(items):
        data = await asyncio.gather(*(load(item) for item in items))
        results.append([crunch(one) for one in data])

    threads = [threading.Thread(target=lambda: asyncio.run(work(shard))) for shard in shards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
