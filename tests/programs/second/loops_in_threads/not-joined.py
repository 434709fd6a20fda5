import asyncio
import threading


def run_shards(shards, load, crunch):
    results = [[] for _ in shards]

    async def fill(n):
        for data in await asyncio.gather(*(load(item) for item in shards[n])):
            results[n].append(crunch(data))

    for n in range(len(shards)):
        thread = threading.Thread(target=lambda n=n: asyncio.run(fill(n)))
        thread.start()
    return results
