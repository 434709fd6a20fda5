import asyncio


async def convert_all(convert, files):
    return [asyncio.run(asyncio.to_thread(convert, file)) for file in files]
