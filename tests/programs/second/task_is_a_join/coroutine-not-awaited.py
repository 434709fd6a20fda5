import asyncio


async def cook(boil_water, chop):
    boiling = asyncio.create_task(boil_water())
    vegetables = []
    for what in ["onions", "carrots"]:
        vegetables.append(chop(what))
    water = await boiling
    return tuple([water] + vegetables)
