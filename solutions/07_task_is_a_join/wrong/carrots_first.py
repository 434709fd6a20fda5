import asyncio


async def cook(boil_water, chop):
    water = asyncio.create_task(boil_water())
    carrots = await chop("carrots")
    onions = await chop("onions")
    return await water, onions, carrots
