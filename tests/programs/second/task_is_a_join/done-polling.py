import asyncio


async def cook(boil_water, chop):
    water_task = asyncio.ensure_future(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    looked = 0
    while True:
        looked += 1
        if water_task.done():
            water = water_task.result()
            break
    print("looked", looked, "times")
    return water, onions, carrots
