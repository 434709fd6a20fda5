import asyncio


async def cook(boil_water, chop):
    async with asyncio.TaskGroup() as kitchen:
        kettle = kitchen.create_task(boil_water(), name="kettle")
        chopped = {what: await chop(what) for what in ("carrots", "onions")}
    return kettle.result(), chopped["onions"], chopped["carrots"]
