import asyncio


async def convert_all(convert, files):
    return await asyncio.gather(*[asyncio.to_thread(convert(f)) for f in files])
