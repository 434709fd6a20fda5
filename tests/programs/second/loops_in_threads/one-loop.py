import asyncio


async def one(item, load, crunch):
    data = await load(item)
    return crunch(data)


async def everything(shards, load, crunch):
    tasks = [[asyncio.create_task(one(item, load, crunch)) for item in shard] for shard in shards]
    return [[await task for task in some] for some in tasks]


def run_shards(shards, load, crunch):
    with asyncio.Runner() as runner:
        return runner.run(everything(shards, load, crunch))
