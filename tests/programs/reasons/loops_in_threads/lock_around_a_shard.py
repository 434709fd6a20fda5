# reason: lock-serialises; at most 5
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    lock = threading.RLock()

    async def work(shard):
        loaded = await asyncio.gather(*map(load, shard))
        with lock:
            return [crunch(data) for data in loaded]

    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda shard: asyncio.run(work(shard)), shards))
