import asyncio


def run_shards(shards, load, crunch):
    def do(shard):
        return [crunch(asyncio.run(load(item))) for item in shard]

    async def main():
        results = []
        for shard in shards:
            results.append(do(shard))
        return results

    return asyncio.run(main())
