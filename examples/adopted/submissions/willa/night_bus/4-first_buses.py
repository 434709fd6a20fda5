import asyncio

watcher = __import__("3-watcher").watcher


async def first_buses(lines, longest, wanted):
    enough = asyncio.Event()
    waits = []

    def came(task):
        if len(waits) < wanted:
            waits.append(task.result())
        if len(waits) == wanted:
            enough.set()

    tasks = [watcher(longest) for _ in range(lines)]
    for task in tasks:
        task.add_done_callback(came)
    await enough.wait()
    for task in tasks:
        if not task.done():
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return waits
