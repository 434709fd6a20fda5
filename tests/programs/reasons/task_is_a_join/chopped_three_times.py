# reason: none
import asyncio


async def cook(boil_water, chop):
    water = asyncio.create_task(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    await chop("leek")
    return await water, onions, carrots, "leek"
