import asyncio
import time


async def convert_all(convert, files):
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(None, convert, file) for file in files]
    while not all(future.done() for future in futures):
        time.sleep(0.1)
    return [future.result() for future in futures]
