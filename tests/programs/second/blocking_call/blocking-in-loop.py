import asyncio


async def convert_all(convert, files):
    names = []
    for f in files:
        names.append(convert(f))
        await asyncio.sleep(0)  # let the heart beat
    return names
