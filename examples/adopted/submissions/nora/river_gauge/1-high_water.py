readings = __import__("0-readings").readings


async def high_water(mark, count):
    levels = [level async for level in readings(count)]
    return list(filter(lambda level: level > mark, levels))
