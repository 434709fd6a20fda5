import asyncio


async def cook(boil_water, chop):
    pot = {"water": None}

    async def boil():
        pot["water"] = await boil_water()

    in_background = asyncio.create_task(boil())
    print("started", in_background.get_name())

    onions = await chop("onions")
    carrots = await chop("carrots")
    # by now the water has boiled
    return pot["water"], onions, carrots
