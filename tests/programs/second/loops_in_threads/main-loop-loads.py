import asyncio
import threading


class Worker(threading.Thread):
    def __init__(self, crunch, loaded):
        super().__init__()
        self.crunch, self.loaded, self.results = crunch, loaded, []

    async def compute(self):
        for data in self.loaded:
            self.results.append(self.crunch(data))

    def run(self):
        asyncio.run(self.compute())


async def load_and_start(shard, load, crunch):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(load(item)) for item in shard]
    worker = Worker(crunch, [task.result() for task in tasks])
    worker.start()
    return worker


async def start_all(shards, load, crunch):
    return await asyncio.gather(*(load_and_start(shard, load, crunch) for shard in shards))


def run_shards(shards, load, crunch):
    workers = asyncio.run(start_all(shards, load, crunch))
    for worker in workers:
        worker.join()
    return [worker.results for worker in workers]
