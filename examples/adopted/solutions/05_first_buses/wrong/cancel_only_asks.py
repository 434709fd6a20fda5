import asyncio

watcher = __import__("3-watcher").watcher


async def first_buses(lines, longest, wanted):
    tasks = [watcher(longest) for _ in range(lines)]
    waits = []
    for came in asyncio.as_completed(tasks):
        waits.append(await came)
        if len(waits) >= wanted:
            break
    for task in tasks:
        task.cancel()
    return waits
