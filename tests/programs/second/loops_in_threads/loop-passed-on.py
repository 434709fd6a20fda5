import asyncio
import threading

results = {}


async def shard_work(n, shard, load, crunch):
    results[n] = []
    for data in await asyncio.gather(*(load(i) for i in shard)):
        results[n].append(crunch(data))


def run_shards(shards, load, crunch):
    loop = asyncio.new_event_loop()
    threads = []
    for n, shard in enumerate(shards):
        t = threading.Thread(target=lambda n=n, s=shard: loop.run_until_complete(shard_work(n, s, load, crunch)))
        t.start()
        threads.append(t)
    for t in threads:
        t.join()
    return [results.get(n) for n in range(len(shards))]
