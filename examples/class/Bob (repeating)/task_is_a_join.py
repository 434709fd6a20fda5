# Bob (repeating)
import asyncio


async def cook(boil_water, chop):
    water, onions, carrots = await asyncio.gather(boil_water(), chop("onions"), chop("carrots"))
    return water, onions, carrots
