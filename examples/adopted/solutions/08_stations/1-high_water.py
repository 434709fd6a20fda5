#!/usr/bin/env python3
"""High water."""
from typing import List

readings = __import__("0-readings").readings


async def high_water(mark: float, count: int) -> List[float]:
    """Those of `count` readings that are above the mark."""
    return [level async for level in readings(count) if level > mark]
