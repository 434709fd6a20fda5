from asyncio import Task, ensure_future


async def cook(boil_water, chop) -> dict:
    kettle: Task = ensure_future(boil_water())
    meal = {}
    for vegetable in "onions carrots".split():
        meal[vegetable] = await chop(vegetable)
    meal["water"] = await kettle
    return meal
