#!/usr/bin/env python3
"""The first few buses."""
import asyncio
from typing import List

watcher = __import__("3-watcher").watcher


async def first_buses(lines: int, longest: float, wanted: int) -> List[float]:
    """Watch all lines; return the waits of the first `wanted` buses as they come, and send the other watchers home."""
    watchers = [watcher(longest) for _ in range(lines)]
    waits = []
    for came in asyncio.as_completed(watchers):
        waits.append(await came)
        if len(waits) == wanted:
            break
    for one in watchers:
        one.cancel()
    await asyncio.gather(*watchers, return_exceptions=True)
    return waits
