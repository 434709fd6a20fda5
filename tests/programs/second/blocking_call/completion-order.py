import asyncio


async def convert_all(convert, files):
    names = []

    async def one(file):
        name = await asyncio.to_thread(convert, file)
        names.append(name)

    await asyncio.gather(*map(one, files))
    return names
