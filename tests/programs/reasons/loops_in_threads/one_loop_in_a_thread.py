# reason: computed-elsewhere; at most 6
import asyncio
import threading


def run_shards(shards, load, crunch):
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever).start()
    results = [None] * len(shards)

    async def load_all(shard):
        return await asyncio.gather(*(load(item) for item in shard))

    def run(number, shard):
        loaded = asyncio.run_coroutine_threadsafe(load_all(shard), loop).result()
        results[number] = [crunch(data) for data in loaded]

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(shards)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    loop.call_soon_threadsafe(loop.stop)
    return results
