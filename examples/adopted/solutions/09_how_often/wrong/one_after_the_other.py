high_water = __import__("1-high_water").high_water


async def how_often(mark, counts):
    return [len(await high_water(mark, count)) for count in counts]
