import asyncio


async def convert_all(convert, files):
    async with asyncio.TaskGroup() as group:
        return [group.create_task(asyncio.to_thread(convert, f)) for f in files]
