import asyncio


async def cook(boil_water, chop):
    asyncio.create_task(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    return 1, onions, carrots
