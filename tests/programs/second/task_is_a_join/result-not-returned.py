from asyncio import TaskGroup


async def cook(boil_water, chop):
    chopped = []
    async with TaskGroup() as tg:
        boiling = tg.create_task(boil_water())
        for what in ("onions", "carrots"):
            chopped.append(await chop(what))
    meal = (boiling.result(), *chopped)
    print("ready:", meal)
