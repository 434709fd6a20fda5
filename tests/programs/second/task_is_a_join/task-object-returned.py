import asyncio


async def cook(boil_water, chop):
    async with asyncio.TaskGroup() as kitchen:
        water = kitchen.create_task(boil_water())
        onions = await chop("onions")
        carrots = await chop("carrots")
    return water, onions, carrots
