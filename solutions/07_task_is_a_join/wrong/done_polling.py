import asyncio


async def cook(boil_water, chop):
    task = asyncio.create_task(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    while not task.done():
        pass
    return task.result(), onions, carrots
