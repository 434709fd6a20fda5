import asyncio

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    tasks = [asyncio.create_task(next_bus(longest)) for _ in range(lines)]
    waits, at = [], 0
    for came in asyncio.as_completed(tasks):
        waits.append(await came)
    while at < len(waits):
        if waits[at] < 0:
            at += 1
    return waits
