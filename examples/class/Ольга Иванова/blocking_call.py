import asyncio


async def convert_all(convert, files):
    names = []
    for file in files:
        name = await asyncio.to_thread(convert, file)
        names.append(name)
    return names
