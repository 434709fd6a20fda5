import asyncio
import threading


async def one(item, load, crunch):
    return crunch(await load(item))


async def work(shard, load, crunch):
    return await asyncio.gather(*(one(item, load, crunch) for item in shard))


def run_shards(shards, load, crunch):
    results = [None] * len(shards)

    def run(number, shard):
        results[number] = asyncio.run(work(shard, load, crunch))

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(shards)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
