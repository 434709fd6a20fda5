import asyncio


async def work(shard, load, crunch):
    loaded = await asyncio.gather(*(load(item) for item in shard))
    return [crunch(data) for data in loaded]


def run_shards(shards, load, crunch):
    async def main():
        return await asyncio.gather(*(work(shard, load, crunch) for shard in shards))

    return asyncio.run(main())
