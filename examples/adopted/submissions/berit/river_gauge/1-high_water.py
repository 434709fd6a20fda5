readings = __import__("0-readings").readings


async def high_water(mark, count):
    return [height async for height in readings(count) if mark < height]
