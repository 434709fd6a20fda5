import asyncio
import time


async def convert_all(convert, files):
    tasks = [asyncio.create_task(asyncio.to_thread(convert, file)) for file in files]
    time.sleep(1)
    return await asyncio.gather(*tasks)
