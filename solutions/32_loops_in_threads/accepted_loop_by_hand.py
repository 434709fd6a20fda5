import asyncio
import threading


class Shard(threading.Thread):
    def __init__(self, items, load, crunch):
        super().__init__()
        self.items, self.load, self.crunch = items, load, crunch

    async def work(self):
        loaded = await asyncio.gather(*(self.load(item) for item in self.items))
        self.results = [self.crunch(data) for data in loaded]

    def run(self):
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self.work())
        finally:
            loop.close()


def run_shards(shards, load, crunch):
    threads = [Shard(items, load, crunch) for items in shards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [thread.results for thread in threads]
