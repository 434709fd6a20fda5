import asyncio


async def cook(boil_water, chop):
    water = boil_water()
    onions = await chop("onions")
    carrots = await chop("carrots")
    return water, onions, carrots
