#!/usr/bin/env python3
"""The gauge."""
import asyncio
import random
from typing import AsyncIterator


async def readings(count: int) -> AsyncIterator[float]:
    """`count` levels from 0 to 10, one each second."""
    for _ in range(count):
        await asyncio.sleep(1)
        yield random.uniform(0, 10)
