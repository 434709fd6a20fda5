import asyncio
import threading


async def convert_all(convert, files):
    names = []
    for file in files:
        threading.Thread(target=lambda f: names.append(convert(f)), args=(file,)).start()
    while len(names) < 1:
        await asyncio.sleep(0.25)
    return names
