readings = __import__("0-readings").readings


async def high_water(mark, count, found=[]):
    async for level in readings(count):
        if level > mark:
            found.append(level)
    return found
