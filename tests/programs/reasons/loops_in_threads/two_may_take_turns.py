# reason: lock-serialises; at most 5
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    cores = [threading.Lock(), threading.Lock()]

    async def work(number):
        results = []
        for data in await asyncio.gather(*map(load, shards[number])):
            with cores[number % 2]:
                results.append(crunch(data))
        return results

    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda number: asyncio.run(work(number)), range(len(shards))))
