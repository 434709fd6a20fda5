from asyncio import create_task


async def cook(boil_water, chop):
    boiling = boil_water()                 # put the water on
    chopped = [await chop(what) for what in ("onions", "carrots")]
    task = create_task(boiling)
    water = await task
    return water, chopped[0], chopped[1]
