# reason: thread-failed; at most 0
import asyncio
import threading


def run_shards(shards, load, crunch):
    results = {}

    async def work(number):
        data = await asyncio.gather(*map(load, shards[number]))
        results[number] = [crnch(one) for one in data]

    threads = [threading.Thread(target=lambda n=n: asyncio.run(work(n))) for n in range(len(shards))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results.get(n) for n in range(len(shards))]
