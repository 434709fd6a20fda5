gauge = __import__("0-readings")


async def high_water(mark, count):
    """High."""
    return [level async for level in gauge.readings(count) if not level <= mark]
