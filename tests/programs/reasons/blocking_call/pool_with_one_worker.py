# reason: threads-one-by-one; at most 5
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def convert_all(convert, files):
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(max_workers=1)
    return await asyncio.gather(*(loop.run_in_executor(pool, convert, file) for file in files))
