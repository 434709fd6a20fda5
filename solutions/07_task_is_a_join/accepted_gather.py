import asyncio


async def chop_all(chop):
    return [await chop("onions"), await chop("carrots")]


async def cook(boil_water, chop):
    water, (onions, carrots) = await asyncio.gather(boil_water(), chop_all(chop))
    return water, onions, carrots
