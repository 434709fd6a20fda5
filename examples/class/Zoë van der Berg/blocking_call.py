import asyncio


async def convert_one(convert, file):
    return convert(file)


async def convert_all(convert, files):
    tasks = [asyncio.create_task(convert_one(convert, file)) for file in files]
    return [await task for task in tasks]
