import asyncio


async def cook(boil_water, chop):
    async with asyncio.TaskGroup() as group:
        water = group.create_task(boil_water())
        chopped = [await chop(what) for what in ("onions", "carrots")]
    return (water.result(), *chopped)
