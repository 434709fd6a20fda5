import asyncio


async def convert_all(convert, files):
    tasks = [asyncio.create_task(asyncio.to_thread(convert, file)) for file in files]
    await asyncio.sleep(0)
    print(len(tasks), "files")
