# reason: sleeps-in-loop; at most 5
import time
from concurrent.futures import ThreadPoolExecutor


async def convert_all(convert, files):
    pool = ThreadPoolExecutor(len(files))
    futures = [pool.submit(convert, file) for file in files]
    while not all(future.done() for future in futures):
        time.sleep(0.25)
    return [future.result() for future in futures]
