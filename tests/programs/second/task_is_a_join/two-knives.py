import asyncio


async def cook(boil_water, chop):
    loop = asyncio.get_running_loop()
    boiling = loop.create_task(boil_water())
    chopping = [loop.create_task(chop(what)) for what in ("onions", "carrots")]
    onions, carrots = [await task for task in chopping]
    return await boiling, onions, carrots
