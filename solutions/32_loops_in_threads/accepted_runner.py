# Unusual: a runner in each thread, and what was loaded is computed when its loop has closed.
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def load_all(shard, load):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(load(item)) for item in shard]
    return [task.result() for task in tasks]


def run_shards(shards, load, crunch):
    def do(shard):
        with asyncio.Runner() as runner:
            loaded = runner.run(load_all(shard, load))
        return [crunch(data) for data in loaded]

    with ThreadPoolExecutor(len(shards)) as pool:
        futures = [pool.submit(do, shard) for shard in shards]
        return [future.result() for future in futures]
