readings = __import__("0-readings").readings


async def high_water(mark, count):
    return [level async for level in readings(count) if level >= mark]
