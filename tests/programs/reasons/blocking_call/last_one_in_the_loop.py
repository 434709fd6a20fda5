# reason: blocking-in-loop; at most 5
import asyncio


async def convert_all(convert, files):
    loop = asyncio.get_running_loop()
    *others, last = files
    waiting = [loop.run_in_executor(None, convert, file) for file in others]
    name = convert(last)
    return [*await asyncio.gather(*waiting), name]
