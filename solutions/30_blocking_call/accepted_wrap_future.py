# Unusual: a future of the other kind is wrapped, so that it can be awaited.
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def convert_all(convert, files):
    pool = ThreadPoolExecutor(len(files))
    try:
        return list(await asyncio.gather(*map(asyncio.wrap_future, [pool.submit(convert, file) for file in files])))
    finally:
        pool.shutdown(wait=False)
