import asyncio

watcher = __import__("3-watcher").watcher


async def first_buses(lines, longest, wanted):
    pending = {watcher(longest) for _ in range(lines)}
    waits = []
    while len(waits) < wanted:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            waits.append(task.result())
    for task in pending:
        task.cancel()
    await asyncio.wait(pending)
    return waits
