import asyncio


async def convert_all(convert, files):
    # 一个线程一个文件
    names = {}

    async def one(file):
        names[file] = await asyncio.to_thread(convert, file)

    async with asyncio.TaskGroup() as tg:
        for file in files:
            tg.create_task(one(file))
    return [names[file] for file in files]
