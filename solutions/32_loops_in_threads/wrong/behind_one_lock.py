import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

computing = threading.Lock()


def run_shards(shards, load, crunch):
    async def work(shard):
        loaded = await asyncio.gather(*(load(item) for item in shard))
        results = []
        for data in loaded:
            with computing:
                results.append(crunch(data))
        return results

    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda shard: asyncio.run(work(shard)), shards))
