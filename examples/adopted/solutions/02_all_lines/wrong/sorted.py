import asyncio

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    waits = await asyncio.gather(*[next_bus(longest) for i in range(lines)])
    return sorted(waits)
