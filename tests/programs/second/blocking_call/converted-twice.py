import asyncio


async def convert_all(convert, files):
    async with asyncio.TaskGroup() as tg:
        for f in files:
            tg.create_task(asyncio.to_thread(convert, f))
    # all done: now the results
    names = []
    for f in files:
        names.append(await asyncio.to_thread(convert, f))
    return names
