import asyncio
from contextlib import suppress

watcher = __import__("3-watcher").watcher


async def first_buses(lines, longest, wanted):
    tasks = [watcher(longest) for _ in range(lines)]
    waits = []
    for came in asyncio.as_completed(tasks):
        if len(waits) == wanted:
            break
        waits.append(await came)
        if len(waits) == wanted:
            break
    for task in tasks:
        if task.cancel():
            with suppress(asyncio.CancelledError):
                await task
    return waits
