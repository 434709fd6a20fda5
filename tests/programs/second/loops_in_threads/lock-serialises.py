import asyncio
import threading


class Shard(threading.Thread):
    def __init__(self, items, load, one_at_a_time):
        super().__init__()
        self.items, self.load, self.one_at_a_time = items, load, one_at_a_time
        self.start()

    async def work(self):
        loaded = await asyncio.gather(*map(self.load, self.items))
        self.results = list(map(self.one_at_a_time, loaded))

    def run(self):
        asyncio.run(self.work())


def run_shards(shards, load, crunch):
    free = threading.Semaphore(1)

    def one_at_a_time(data):
        free.acquire()
        try:
            return crunch(data)
        finally:
            free.release()

    threads = [Shard(items, load, one_at_a_time) for items in shards]
    for thread in threads:
        thread.join()
    return [thread.results for thread in threads]
