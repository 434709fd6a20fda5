import asyncio
from time import sleep


async def convert_one(convert, file, number):
    sleep(number / 4)  # one after the other, so that the disk has less to do
    return await asyncio.to_thread(convert, file)


async def convert_all(convert, files):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(convert_one(convert, file, number)) for number, file in enumerate(files, 1)]
    return [task.result() for task in tasks]
