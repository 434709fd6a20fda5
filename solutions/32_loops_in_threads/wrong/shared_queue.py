import asyncio
import threading


async def work(shard, load, crunch):
    loaded = await asyncio.gather(*(load(item) for item in shard))
    return [crunch(data) for data in loaded]


async def fill(queue, number, shard, load, crunch):
    await queue.put((number, await work(shard, load, crunch)))


async def collect(queue, shards):
    return sorted([await queue.get() for _ in shards])


def run_shards(shards, load, crunch):
    queue = asyncio.Queue()
    for number, shard in enumerate(shards):
        threading.Thread(target=lambda *args: asyncio.run(fill(queue, *args, load, crunch)), args=(number, shard)).start()
    return [results for _, results in asyncio.run(collect(queue, shards))]
