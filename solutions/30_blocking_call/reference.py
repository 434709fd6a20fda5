import asyncio


async def convert_all(convert, files):
    return await asyncio.gather(*(asyncio.to_thread(convert, file) for file in files))
