high_water = __import__("1-high_water").high_water


async def how_often(mark, counts):
    found = []
    for count in counts:
        found.append(len(await high_water(mark, count)))
    return found
