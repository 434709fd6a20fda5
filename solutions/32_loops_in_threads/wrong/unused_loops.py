import asyncio


def run_shards(shards, load, crunch):
    def compute(loaded):
        loop = asyncio.new_event_loop()
        try:
            return [crunch(data) for data in loaded]
        finally:
            loop.close()

    async def work(shard):
        return await asyncio.to_thread(compute, await asyncio.gather(*(load(item) for item in shard)))

    async def main():
        return await asyncio.gather(*(work(shard) for shard in shards))

    return asyncio.run(main())
