import threading
from asyncio import gather, get_event_loop


class Shard(threading.Thread):
    results = ()

    def __init__(self, items, load, crunch):
        super().__init__()
        self.items, self.load, self.crunch = items, load, crunch

    async def work(self):
        self.results = [self.crunch(data) for data in await gather(*map(self.load, self.items))]

    def run(self):
        get_event_loop().run_until_complete(self.work())


def run_shards(shards, load, crunch):
    threads = [Shard(items, load, crunch) for items in shards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [list(thread.results) for thread in threads]
