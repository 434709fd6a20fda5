# reason: other-results
import asyncio


async def cook(boil_water, chop):
    water = asyncio.create_task(boil_water())
    onions = await chop("onion")
    carrots = await chop("carrot")
    return await water, onions, carrots
