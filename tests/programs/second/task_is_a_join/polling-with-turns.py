from asyncio import create_task, sleep


async def join(task):
    while not task.done():
        await sleep(0)
    return task.result()


async def cook(boil_water, chop):
    boiling = create_task(boil_water())
    vegetables = [await chop(what) for what in ("onions", "carrots")]
    return (await join(boiling), *vegetables)
