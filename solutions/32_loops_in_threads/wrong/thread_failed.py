import asyncio
import threading


def run_shards(shards, load, crunch):
    results = []

    async def work(number, shard):
        loaded = await asyncio.gather(*(load(item) for item in shard))
        results[number] = [crunch(data) for data in loaded]

    threads = [threading.Thread(target=lambda pair=pair: asyncio.run(work(*pair))) for pair in enumerate(shards)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
