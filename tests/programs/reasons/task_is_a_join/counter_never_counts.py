# reason: none
import asyncio


async def cook(boil_water, chop):
    water = asyncio.create_task(boil_water())
    names, chopped, at = ["onions", "carrots"], [], 0
    while at < len(names):
        chopped.append(names[at])
    return await water, *[await chop(name) for name in chopped]
