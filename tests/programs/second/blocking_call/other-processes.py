import asyncio
from concurrent import futures


async def convert_one(pool, convert, file):
    return await asyncio.get_running_loop().run_in_executor(pool, convert, file)


async def convert_all(convert, files):
    pool = futures.ProcessPoolExecutor(max_workers=len(files))
    jobs = [asyncio.create_task(convert_one(pool, convert, file)) for file in files]
    names = []
    for job in jobs:
        names.append(await job)
    return names
