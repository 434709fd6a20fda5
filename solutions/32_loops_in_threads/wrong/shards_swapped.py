import asyncio
from concurrent.futures import Future, ThreadPoolExecutor


def run_shards(shards, load, crunch):
    loaded = {item: Future() for shard in shards for item in shard}

    async def load_one(item):
        loaded[item].set_result(await load(item))

    async def work(number):
        # the first item of the shard before this one, and the others of this one
        await asyncio.gather(*map(load_one, [shards[number - 1][0], *shards[number][1:]]))
        return [crunch(await asyncio.wrap_future(loaded[item])) for item in shards[number]]

    with ThreadPoolExecutor(len(shards)) as pool:
        return list(pool.map(lambda number: asyncio.run(work(number)), range(len(shards))))
