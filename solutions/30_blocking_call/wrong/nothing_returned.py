import asyncio


async def convert_all(convert, files):
    names = await asyncio.gather(*(asyncio.to_thread(convert, file) for file in files))
    print(names)
