import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    found = [[] for _ in shards]

    async def fetch(number):
        calls = map(load, shards[number])
        return await asyncio.gather(*calls)

    def compute(number, loaded):
        found[number].extend(crunch(data) for data in loaded)

    def start(number):
        computing = threading.Thread(target=compute, args=(number, asyncio.run(fetch(number))))
        computing.start()
        computing.join()

    with ThreadPoolExecutor(len(shards)) as pool:
        for _ in pool.map(start, range(len(shards))):
            pass
    return found
