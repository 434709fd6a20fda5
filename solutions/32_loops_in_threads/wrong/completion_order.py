import asyncio
import threading


async def work(shard, load, crunch):
    loaded = await asyncio.gather(*(load(item) for item in shard))
    return [crunch(data) for data in loaded]


def run_shards(shards, load, crunch):
    results = []
    threads = []
    for shard in shards:
        threads.append(threading.Thread(target=lambda s: results.append(asyncio.run(work(s, load, crunch))), args=(shard,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return results
