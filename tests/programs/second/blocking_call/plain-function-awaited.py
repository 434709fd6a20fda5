import asyncio


async def convert_all(convert, files):
    async with asyncio.TaskGroup() as tg:
        jobs = [tg.create_task(convert(f)) for f in files]
    return [job.result() for job in jobs]
