import asyncio


async def convert_all(convert, files):
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(None, convert, file) for file in files]
    await asyncio.wait(futures)
    return [future.result() for future in futures]
