import asyncio

high_water = __import__("1-high_water").high_water


async def how_often(mark, counts):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(high_water(mark, count)) for count in counts]
    return [len(task.result()) for task in tasks]
