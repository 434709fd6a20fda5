import asyncio

high_water = __import__("1-high_water").high_water


async def how_often(mark, counts):
    return [len(await found) for found in asyncio.as_completed([high_water(mark, count) for count in counts])]
