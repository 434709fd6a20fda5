# Unusual: threads made by hand, each of which tells the loop when it is done.
import asyncio
import threading


async def convert_all(convert, files):
    loop = asyncio.get_running_loop()

    def work(file, done):
        loop.call_soon_threadsafe(done.set_result, convert(file))

    waiting = []
    for file in files:
        waiting.append(loop.create_future())
        threading.Thread(target=work, args=(file, waiting[-1])).start()
    return [await each for each in waiting]
