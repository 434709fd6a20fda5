import asyncio


async def convert_all(convert, files):
    await asyncio.sleep(2)
    return [file.replace(".wav", ".mp3") for file in files]
