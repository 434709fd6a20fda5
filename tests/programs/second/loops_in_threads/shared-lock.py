import asyncio
import threading

lock = asyncio.Lock()


async def shard(results, number, items, load, crunch):
    loaded = await asyncio.gather(*[load(item) for item in items])
    for data in loaded:
        result = crunch(data)
        results[number].append(result)
    await lock.acquire()
    print("shard", number)
    await asyncio.sleep(20)
    lock.release()


def run_shards(shards, load, crunch):
    results = [[] for _ in shards]
    threads = []
    for number, items in enumerate(shards):
        thread = threading.Thread(target=lambda n=number, s=items: asyncio.run(shard(results, n, s, load, crunch)))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return results
