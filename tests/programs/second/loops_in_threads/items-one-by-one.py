import asyncio
import threading


def run_shards(shards, load, crunch):
    results = {n: [] for n in range(len(shards))}

    async def go(n):
        for item in shards[n]:
            data = await asyncio.create_task(load(item))
            results[n].append(crunch(data))

    threads = [threading.Thread(target=lambda n=n: asyncio.run(go(n))) for n in results]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return list(results.values())
