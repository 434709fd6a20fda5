# reason: none; at most 1
import asyncio


async def convert_all(convert, files):
    names = await asyncio.gather(*(asyncio.to_thread(convert, file) for file in files))
    await asyncio.Event().wait()
    return names
