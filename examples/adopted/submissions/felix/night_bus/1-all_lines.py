import asyncio

next_bus = __import__("0-next_bus").next_bus


@asyncio.coroutine
def all_lines(lines, longest):
    waits = []
    for task in asyncio.as_completed([next_bus(longest) for _ in range(lines)]):
        waits.append((yield from task))
    return waits
