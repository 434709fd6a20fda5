# reason: items-one-by-one; at most 6
import asyncio
import threading


def run_shards(shards, load, crunch):
    results = [[] for _ in shards]

    def run(number):
        for item in shards[number]:
            results[number].append(crunch(asyncio.run(load_one(item))))

    async def load_one(item):
        return await load(item)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(shards))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
