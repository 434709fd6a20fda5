import asyncio


async def convert_all(convert, files):
    async def one(file):
        return convert(file)

    return await asyncio.gather(*(one(file) for file in files))
