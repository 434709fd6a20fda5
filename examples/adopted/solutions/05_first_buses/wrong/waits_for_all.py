import asyncio

watcher = __import__("3-watcher").watcher


async def first_buses(lines, longest, wanted):
    tasks = [watcher(longest) for _ in range(lines)]
    waits = [await came for came in asyncio.as_completed(tasks)]
    return waits[0:wanted]
