import asyncio


async def cook(boil_water, chop):
    task = asyncio.create_task(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    while not task.done():
        await asyncio.sleep(0.1)
    return task.result(), onions, carrots
