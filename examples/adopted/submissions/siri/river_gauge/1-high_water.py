from importlib import import_module

readings = import_module("0-readings").readings


async def high_water(mark, count):
    return [level async for level in readings(count) if level > mark]
