import asyncio


def to_mp3(file):
    stem, _, _ = file.partition(".")
    return f"{stem}.mp3"


async def convert_all(convert, files):
    jobs = (asyncio.to_thread(to_mp3, file) for file in files)
    return await asyncio.gather(*jobs)
