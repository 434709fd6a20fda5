import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    finished = asyncio.Queue()

    def in_thread(n):
        async def go():
            data = await asyncio.gather(*[load(item) for item in shards[n]])
            finished.put_nowait((n, [crunch(d) for d in data]))

        asyncio.run(go())

    async def main():
        results = [None] * len(shards)
        with ThreadPoolExecutor(len(shards)) as pool:
            for n in range(len(shards)):
                pool.submit(in_thread, n)
            for _ in shards:
                n, result = await finished.get()
                results[n] = result
        return results

    return asyncio.run(main())
