import asyncio


async def convert_all(convert, files):
    async with asyncio.TaskGroup() as tg:
        tasks = {f: tg.create_task(asyncio.to_thread(convert, f)) for f in files}
    names = [tasks[f].result() for f in files]
