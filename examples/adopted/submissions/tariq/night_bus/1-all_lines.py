import asyncio
from importlib import import_module

next_bus = import_module("0-next_bus").next_bus
all_lines = import_module("1-all_lines").all_lines


async def all_lines(lines, longest):
    return [await came for came in asyncio.as_completed([next_bus(longest) for _ in range(lines)])]
