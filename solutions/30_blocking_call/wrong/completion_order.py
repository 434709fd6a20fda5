import asyncio


async def convert_all(convert, files):
    waiting = [asyncio.to_thread(convert, file) for file in files]
    return [await each for each in asyncio.as_completed(waiting)]
