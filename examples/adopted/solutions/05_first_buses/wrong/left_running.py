import asyncio

watcher = __import__("3-watcher").watcher


async def first_buses(lines, longest, wanted):
    waits = []
    for came in asyncio.as_completed([watcher(longest) for _ in range(lines)]):
        waits.append(await came)
        if len(waits) == wanted:
            return waits
