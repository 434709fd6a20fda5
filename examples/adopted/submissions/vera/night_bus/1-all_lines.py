from asyncio import as_completed

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    waits = []
    for coming in as_completed([next_bus(longest=longest) for line in range(lines)]):
        wait = await coming
        waits += [wait]
    return waits
