#!/usr/bin/env python3
"""Wait at every stop at once."""
import asyncio
from typing import List

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines: int, longest: float) -> List[float]:
    """Wait for a bus of each line; return the waits in the order in which the buses came."""
    waiting = [asyncio.create_task(next_bus(longest)) for _ in range(lines)]
    return [await came for came in asyncio.as_completed(waiting)]
