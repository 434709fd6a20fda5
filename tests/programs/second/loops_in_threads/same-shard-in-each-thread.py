import asyncio
from concurrent.futures import ThreadPoolExecutor


async def _of(items, load, crunch):
    loaded = []
    for item in items:
        loaded.append(await load(item))
    return list(map(crunch, loaded))


def run_shards(shards, load, crunch):
    jobs = []
    for items in shards:

        def job():
            return asyncio.run(_of(items, load, crunch))

        jobs.append(job)
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        running = [pool.submit(job) for job in jobs]
        return [one.result() for one in running]
