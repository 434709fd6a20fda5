import asyncio


async def cook(boil_water, chop):
    async with asyncio.TaskGroup() as kitchen:
        boiling = kitchen.create_task(boil_water())

    onions = await chop("onions")
    carrots = await chop("carrots")
    return boiling.result(), onions, carrots
