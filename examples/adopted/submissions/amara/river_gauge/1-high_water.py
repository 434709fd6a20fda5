readings = __import__("0-readings").readings


async def high_water(mark, count):
    found = []
    while True:
        if len(found) < count:
            found = found + [level async for level in readings(count) if level > mark]
