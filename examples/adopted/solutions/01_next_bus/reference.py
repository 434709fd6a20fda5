#!/usr/bin/env python3
"""Wait for one bus."""
import asyncio
import random


async def next_bus(longest: float = 12) -> float:
    """Wait for the next bus, at most `longest` seconds, and return how long it took."""
    wait = random.uniform(0, longest)
    await asyncio.sleep(wait)
    return wait
