import asyncio


async def convert_all(convert, files):
    loop, names = asyncio.get_running_loop(), {}
    for f in files:
        names[f] = await loop.run_in_executor(None, convert, f)
    return list(names.values())
