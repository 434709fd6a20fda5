import asyncio
import threading


class Shard(threading.Thread):
    def __init__(self, items, load, crunch):
        super().__init__()
        self.items = items
        self.load = load
        self.results = []

    def run(self):
        loaded = asyncio.run(self.load_all())
        for data in loaded:
            self.results.append(self.crunch(data))

    async def load_all(self):
        return await asyncio.gather(*[self.load(item) for item in self.items])


def run_shards(shards, load, crunch):
    threads = []
    for items in shards:
        threads.append(Shard(items, load, crunch))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return [thread.results for thread in threads]
