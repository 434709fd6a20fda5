import asyncio


async def convert_all(convert, files):
    loop = asyncio.get_running_loop()
    names = []
    for f in files:
        job = loop.run_in_executor(None, convert(f))
        names.append(await job)
    return names
