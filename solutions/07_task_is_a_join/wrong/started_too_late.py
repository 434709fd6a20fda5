import asyncio


async def cook(boil_water, chop):
    onions = await chop("onions")
    carrots = await chop("carrots")
    water = asyncio.create_task(boil_water())
    return await water, onions, carrots
