import asyncio
from concurrent.futures import ProcessPoolExecutor


async def convert_all(convert, files):
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor() as pool:
        return await asyncio.gather(*(loop.run_in_executor(pool, convert, file) for file in files))
