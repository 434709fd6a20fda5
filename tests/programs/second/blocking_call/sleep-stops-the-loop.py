import asyncio
import time


async def convert_all(convert, files):
    tasks = []
    for file in files:
        tasks.append(asyncio.create_task(asyncio.to_thread(convert, file)))
        await asyncio.sleep(0)
    for task in tasks:
        while not task.done():
            time.sleep(1)
    return [task.result() for task in tasks]
