import asyncio

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    waits = []
    for _ in range(lines):
        asyncio.create_task(next_bus(longest)).add_done_callback(lambda t: waits.append(t.result()))
    while len(waits) < lines:
        pass
    return waits
