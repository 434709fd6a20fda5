import asyncio


async def cook(boil_water, chop):
    kettle = asyncio.create_task(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    return await kettle, onions, carrots
