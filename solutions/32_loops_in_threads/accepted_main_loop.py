# Unusual: one more loop, which waits for the threads of all the others.
import asyncio


def run_shards(shards, load, crunch):
    async def work(shard):
        waiting = [asyncio.create_task(load(item)) for item in shard]
        return [crunch(await each) for each in waiting]

    async def main():
        return await asyncio.gather(*(asyncio.to_thread(lambda shard=shard: asyncio.run(work(shard))) for shard in shards))

    return asyncio.run(main())
