import asyncio
import threading


def run_shards(shards, load, crunch):
    results = [None] * len(shards)

    async def work(shard):
        loaded = await asyncio.gather(*(load(item) for item in shard))
        return [crunch(data) for data in loaded]

    def run(number, shard):
        loop = asyncio.get_event_loop()
        results[number] = loop.run_until_complete(work(shard))

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(shards)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
