import asyncio
import bisect

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    in_order = []
    for came in asyncio.as_completed([next_bus(longest) for _ in range(lines)]):
        bisect.insort(in_order, await came)
    return in_order
