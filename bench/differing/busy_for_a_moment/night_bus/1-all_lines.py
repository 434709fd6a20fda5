import asyncio
import time

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    end = time.monotonic() + 0.01
    while time.monotonic() < end:
        pass
    return [await one for one in asyncio.as_completed([next_bus(longest) for _ in range(lines)])]
