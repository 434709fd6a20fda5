import asyncio

high_water = __import__("1-high_water").high_water


async def three_stations(mark, count):
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with asyncio.TaskGroup() as group:
        for _ in "abc":
            group.create_task(high_water(mark, count))
    return loop.time() - started
