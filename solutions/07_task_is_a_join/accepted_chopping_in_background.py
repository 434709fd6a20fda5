import asyncio


# Unusual: the chopping is the task, and the water is watched.
async def cook(boil_water, chop):
    async def use_the_knife():
        onions = await chop("onions")
        return onions, await chop("carrots")

    knife = asyncio.create_task(use_the_knife())
    water = await boil_water()
    return (water, *await knife)
