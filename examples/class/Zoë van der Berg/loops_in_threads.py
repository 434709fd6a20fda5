import asyncio


def run_shards(shards, load, crunch):
    async def shard_results(shard):
        data = await asyncio.gather(*(load(item) for item in shard))
        return [crunch(one) for one in data]

    async def main():
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(shard_results(shard)) for shard in shards]
        return [task.result() for task in tasks]

    return asyncio.run(main())
