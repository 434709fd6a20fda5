# reason: coroutine-not-awaited; at most 0
import asyncio


async def convert_all(convert, files):
    async def one(file):
        return convert(file)

    return await asyncio.gather(*(asyncio.to_thread(one, file) for file in files))
