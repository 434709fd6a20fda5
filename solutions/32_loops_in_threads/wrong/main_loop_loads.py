import asyncio


async def compute(loaded, crunch):
    return [crunch(data) for data in loaded]


def run_shards(shards, load, crunch):
    async def work(shard):
        loaded = await asyncio.gather(*(load(item) for item in shard))
        return await asyncio.to_thread(asyncio.run, compute(loaded, crunch))

    async def main():
        return await asyncio.gather(*(work(shard) for shard in shards))

    return asyncio.run(main())
