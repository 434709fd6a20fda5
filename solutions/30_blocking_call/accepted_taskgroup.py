import asyncio


async def convert_all(convert, files):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.to_thread(convert, file)) for file in files]
    return [task.result() for task in tasks]
