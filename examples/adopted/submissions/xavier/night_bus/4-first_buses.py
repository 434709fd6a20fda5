import asyncio

watcher = __import__("3-watcher").watcher


async def first_buses(lines, longest, wanted):
    enough = asyncio.Event()
    waits = []

    def came(task):
        waits.append(task.result())
        if len(waits) > lines:
            enough.set()

    for _ in range(lines):
        watcher(longest).add_done_callback(came)
    await enough.wait()
    return waits[:wanted]
