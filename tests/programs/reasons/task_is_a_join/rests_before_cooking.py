# reason: none; at most 6
import asyncio


async def cook(boil_water, chop):
    await asyncio.sleep(15)
    water = asyncio.create_task(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    return await water, onions, carrots
