# -*- coding: latin-1 -*-
"""Nästa buss: hur länge dröjer den?"""
import asyncio
import random


async def next_bus(longest=12):
    """Väntar på bussen."""
    dröjer = random.uniform(0, longest)
    await asyncio.sleep(dröjer)
    return dröjer
