#!/usr/bin/env python3
"""How often was the water high?"""
import asyncio
from typing import List

high_water = __import__("1-high_water").high_water


async def how_often(mark: float, counts: List[int]) -> List[int]:
    """How many of so many readings are above the mark, for each of `counts`, all at the same time."""
    found = await asyncio.gather(*(high_water(mark, count) for count in counts))
    return [len(levels) for levels in found]
