import asyncio


async def convert_all(convert, files):
    loop = asyncio.get_running_loop()
    waiting = [loop.run_in_executor(None, convert, file) for file in files]
    return [await each for each in waiting]
