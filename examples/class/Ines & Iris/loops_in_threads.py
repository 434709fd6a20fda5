import asyncio
import threading


def run_shards(shards, load, crunch):
    done = {}

    async def item_done(item):
        return crunch(await load(item))

    async def shard_done(number):
        done[number] = await asyncio.gather(*[item_done(item) for item in shards[number]])

    threads = [threading.Thread(target=lambda n=number: asyncio.run(shard_done(n))) for number in range(len(shards))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [done[number] for number in range(len(shards))]
