# reason: none
import asyncio


async def cook(boil_water, chop):
    water = asyncio.create_task(boil_water())
    onions = await chop("onions")
    looked = 0
    while looked < 10:
        await asyncio.sleep(0)
    return await water, onions, await chop("carrots")
