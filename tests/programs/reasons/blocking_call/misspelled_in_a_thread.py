# reason: none
import asyncio


async def convert_all(convert, files):
    return await asyncio.gather(*(asyncio.to_thread(lambda f=file: convert(fil)) for file in files))
