import asyncio
import importlib

_gauge = importlib.import_module('0-readings')


async def high_water(mark, count):
    return [x async for x in _gauge.readings(count) if x > mark]
