import asyncio


def join(task):
    return task.result()


async def cook(boil_water, chop):
    loop = asyncio.get_running_loop()
    boiling = loop.create_task(boil_water())
    vegetables = []
    for what in ("onions", "carrots"):
        vegetables.append(await chop(what))
    return (join(boiling), *vegetables)
