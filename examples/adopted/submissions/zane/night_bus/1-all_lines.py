import asyncio
import importlib

first = importlib.import_module("0-next_bus")


async def all_lines(lines, longest):
    tasks = []
    for _ in range(lines):
        tasks.append(asyncio.create_task(first.next_bus(longest)))
    waits = []
    for future in asyncio.as_completed(tasks):
        waits.append(await future)
    return waits
