# Unusual: the first shard is done in this very thread, and a queue.Queue brings what the other threads have.
import asyncio
import queue
import threading


def run_shards(shards, load, crunch):
    done = queue.Queue()

    async def work(shard):
        return [crunch(data) for data in await asyncio.gather(*map(load, shard))]

    def run(number):
        done.put((number, asyncio.run(work(shards[number]))))

    for number in range(1, len(shards)):
        threading.Thread(target=run, args=(number,)).start()
    run(0)
    return [results for _, results in sorted(done.get() for _ in shards)]
